import * as v from 'valibot';
import { settingsSchema } from '@/src/settings/schema';
import { i18n } from './i18n';
import { issueWords } from './issue-words';
import type { Checked } from './settings-check';

/** What people paste for a site: its name, or the address of one of its pages. */
export function siteOfText(text: string): string {
  const trimmed = text.trim();
  const url = /^https?:/i.test(trimmed) ? URL.parse(trimmed) : null;
  return (url === null ? trimmed : url.hostname).replace(/^www\./i, '');
}

export function checkSilentSites(sites: readonly string[]): Checked<string[]> {
  const parsed = v.safeParse(settingsSchema.entries.silentSites, sites);
  if (!parsed.success) return { ok: false, sentence: issueWords(parsed.issues[0].message) };
  if (new Set(parsed.output).size < parsed.output.length) return { ok: false, sentence: i18n.t('check.siteInList') };
  return { ok: true, value: parsed.output };
}
