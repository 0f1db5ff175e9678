import type * as v from 'valibot';

/** What is wrong with which setting of a file. Nothing of the file's own text is in it, which may be long or made to mislead. */
export function settingsIssueSentence(issue: v.BaseIssue<unknown>): string {
  const place = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `entry ${key + 1}` : String(key))).join(', ');
  return `“${place}” in this file is not valid. ${reason(issue)}`;
}

function reason({ kind, type, expected, input, message, requirement }: v.BaseIssue<unknown>): string {
  if (kind === 'schema') return shapeReason(type, expected, input);
  switch (type) {
    case 'min_value':
      return `It must be at least ${String(requirement)}.`;
    case 'max_value':
      return `It must be at most ${String(requirement)}.`;
    case 'safe_integer':
      return 'It must be a whole number.';
    case 'max_length':
      return `It must have at most ${String(requirement)} ${Array.isArray(input) ? 'entries' : 'characters'}.`;
    default:
      return `${message}.`;
  }
}

function shapeReason(type: string, expected: string | null, input: unknown): string {
  if (input === undefined) return 'It is missing.';
  switch (type) {
    case 'boolean':
      return 'It must be true or false.';
    case 'number':
      return 'It must be a number.';
    case 'string':
      return 'It must be text in quotation marks.';
    case 'array':
      return 'It must be a list in square brackets.';
    case 'picklist':
      return `It must be ${(expected ?? '').replace(/[()]/g, '').replaceAll(' | ', ' or ')}.`;
    default:
      return 'It must be a group of settings in curly brackets.';
  }
}
