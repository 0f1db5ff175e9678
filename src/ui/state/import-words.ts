import type { SettingsRefusal } from '@/src/settings/settings-file';
import type { SettingProblem } from '@/src/settings/settings-issue';
import { formatTyped } from './format';
import { i18n, LOCALE } from './i18n';
import { issueWords } from './issue-words';

/** Why a file of settings was not imported; settings are called as in the file. */
export function refusalWords(refusal: SettingsRefusal): string {
  if (refusal.kind !== 'setting') return i18n.t(`refusal.${refusal.kind}`);
  const place = refusal.place.map((key) => (typeof key === 'number' ? i18n.t('refusal.entry', { number: formatTyped(key + 1) }) : key));
  return i18n.t('refusal.setting', { place: place.join(', '), reason: problemWords(refusal.problem) });
}

function problemWords(problem: SettingProblem): string {
  switch (problem.kind) {
    case 'tooSmall':
    case 'tooLarge':
    case 'tooLong':
    case 'tooMany':
      return i18n.t(`refusal.problem.${problem.kind}`, { limit: formatTyped(problem.limit) });
    case 'noChoice':
      return i18n.t('refusal.problem.noChoice', { choices: new Intl.ListFormat(LOCALE, { type: 'disjunction' }).format(problem.choices) });
    case 'issue':
      return `${issueWords(problem.sentence)}.`;
    default:
      return i18n.t(`refusal.problem.${problem.kind}`);
  }
}
