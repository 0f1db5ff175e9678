import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EXTENSION_DIR } from '@/scripts/build-extension';

/** docs/store.md says of the built extension what is so, in the room the stores give. */

const MAX_SUMMARY_CHARS = 132;
const MAX_JUSTIFICATION_CHARS = 1000;

interface Manifest {
  readonly name: string;
  /** The name of a text in the languages' files. */
  readonly description: string;
  readonly permissions: readonly string[];
  readonly optional_host_permissions: readonly string[];
  readonly content_scripts: readonly { readonly matches: readonly string[] }[];
}

const manifest = JSON.parse(await readFile(`${EXTENSION_DIR}/manifest.json`, 'utf8')) as Manifest;
const [, english = '', spanish = ''] = (await readDoc('store.md')).split(/^## /m);

function readDoc(name: string): Promise<string> {
  return readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

function section(text: string, heading: string): string {
  return new RegExp(`^### ${heading}\\n+([\\s\\S]*?)(?=\\n+### |\\n*$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';
}

async function summaryOfManifest(language: string): Promise<string | undefined> {
  const messages = JSON.parse(await readFile(`${EXTENSION_DIR}/_locales/${language}/messages.json`, 'utf8')) as Record<
    string,
    { readonly message: string }
  >;
  return messages[manifest.description.replaceAll(/^__MSG_|__$/g, '')]?.message;
}

/** Permissions named in the first column of a table, and what stands beside them. */
function permissionRows(text: string): readonly (readonly [permission: string, reason: string])[] {
  return [...text.matchAll(/^\| (.*`.*) \| (.+) \|$/gm)].flatMap(([, names = '', reason = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, reason] as const),
  );
}

test('name and summary are those of the manifest, and no summary is longer than a store takes', async () => {
  expect(section(english, 'Name')).toBe(manifest.name);
  expect(section(english, 'Summary')).toBe(await summaryOfManifest('en'));
  expect(section(spanish, 'Resumen')).toBe(await summaryOfManifest('es'));
  expect(section(spanish, 'Nombre')).toBe(manifest.name);
  for (const summary of [section(english, 'Summary'), section(spanish, 'Resumen')]) {
    expect(summary).toMatch(/\S/);
    expect(summary.length).toBeLessThanOrEqual(MAX_SUMMARY_CHARS);
  }
});

test('each permission of the manifest is justified, in both languages and in the privacy document, and no other', async () => {
  const wanted = [
    ...manifest.permissions,
    ...manifest.optional_host_permissions,
    ...manifest.content_scripts.flatMap(({ matches }) => matches),
  ].toSorted();
  const [, privacy = ''] = (await readDoc('privacy.md')).split('## Permissions, and why');
  for (const text of [section(english, 'Permissions'), section(spanish, 'Permisos'), privacy]) {
    const rows = permissionRows(text);
    expect(rows.map(([permission]) => permission).toSorted()).toEqual(wanted);
    for (const [permission, reason] of rows) expect(reason.length, permission).toBeLessThan(MAX_JUSTIFICATION_CHARS);
  }
});
