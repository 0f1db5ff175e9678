import { SETTING_ISSUES, type SettingIssue } from '@/src/settings/setting-issues';
import { i18n } from './i18n';

/** What the schema of the settings says of a value, in the interface's language where it is one of its own sentences. */
export function issueWords(sentence: string): string {
  const issue = (Object.keys(SETTING_ISSUES) as SettingIssue[]).find((name) => SETTING_ISSUES[name] === sentence);
  return issue === undefined ? sentence : i18n.t(`issue.${issue}`);
}

/** Why a change of the settings was not saved. @param fallback for what is not the settings' own, but the browser's */
export function savingErrorWords(error: unknown, fallback: string): string {
  const sentence = error instanceof Error ? error.message : '';
  return Object.values<string>(SETTING_ISSUES).includes(sentence) ? issueWords(sentence) : fallback;
}
