import { SETTING_ISSUES, type SettingIssue } from '@/src/settings/setting-issues';
import { i18n } from './i18n';

/** What the schema of the settings says of a value, in the interface's language where it is one of its own sentences. */
export function issueWords(sentence: string): string {
  const issue = (Object.keys(SETTING_ISSUES) as SettingIssue[]).find((name) => SETTING_ISSUES[name] === sentence);
  return issue === undefined ? sentence : i18n.t(`issue.${issue}`);
}
