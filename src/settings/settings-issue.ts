import type * as v from 'valibot';

/** What is wrong with a setting of a file. */
export type SettingProblem =
  | { readonly kind: ShapeProblem | 'missing' | 'noWholeNumber' | 'repeatedAddress' }
  | { readonly kind: 'tooSmall' | 'tooLarge' | 'tooLong' | 'tooMany'; readonly limit: number }
  | { readonly kind: 'noChoice'; readonly choices: readonly string[] }
  /** One of `SETTING_ISSUES`, without its full stop. */
  | { readonly kind: 'issue'; readonly sentence: string };

type ShapeProblem = 'noBoolean' | 'noNumber' | 'noText' | 'noList' | 'noGroup';

export interface SettingIssueInFile {
  /** Names of settings, and places in lists from 0 on. */
  readonly place: readonly (string | number)[];
  readonly problem: SettingProblem;
}

/** What is wrong with which setting of a file. Nothing of the file's own text is in it, which may be long or made to mislead. */
export function settingIssueInFile(issue: v.BaseIssue<unknown>): SettingIssueInFile {
  const place = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  return { place, problem: problemOf(issue) };
}

function problemOf({ kind, type, expected, input, message, requirement }: v.BaseIssue<unknown>): SettingProblem {
  if (kind === 'schema') return shapeProblem(type, expected, input);
  switch (type) {
    case 'min_value':
      return { kind: 'tooSmall', limit: Number(requirement) };
    case 'max_value':
      return { kind: 'tooLarge', limit: Number(requirement) };
    case 'safe_integer':
      return { kind: 'noWholeNumber' };
    case 'max_length':
      return { kind: Array.isArray(input) ? 'tooMany' : 'tooLong', limit: Number(requirement) };
    default:
      return { kind: 'issue', sentence: message };
  }
}

function shapeProblem(type: string, expected: string | null, input: unknown): SettingProblem {
  if (input === undefined) return { kind: 'missing' };
  switch (type) {
    case 'boolean':
      return { kind: 'noBoolean' };
    case 'number':
      return { kind: 'noNumber' };
    case 'string':
      return { kind: 'noText' };
    case 'array':
      return { kind: 'noList' };
    case 'picklist':
      return { kind: 'noChoice', choices: (expected ?? '').replace(/[()]/g, '').split(' | ') };
    default:
      return { kind: 'noGroup' };
  }
}
