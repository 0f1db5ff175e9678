import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EXTENSION_DIR } from '@/scripts/build-extension';

test('docs/privacy.md says of each permission what it is for, and of no other', async () => {
  const manifest = JSON.parse(await readFile(`${EXTENSION_DIR}/manifest.json`, 'utf8')) as {
    readonly permissions: readonly string[];
    readonly optional_host_permissions: readonly string[];
    readonly content_scripts: readonly { readonly matches: readonly string[] }[];
    readonly host_permissions?: readonly string[];
  };
  const asked = [
    ...manifest.permissions,
    ...manifest.optional_host_permissions,
    ...manifest.content_scripts.flatMap(({ matches }) => matches),
  ];
  expect(manifest.host_permissions).toBeUndefined();
  const text = await readFile(fileURLToPath(new URL('../../docs/privacy.md', import.meta.url)), 'utf8');
  const rows = text
    .slice(text.indexOf('## Permissions'))
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const explained = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(new Set(explained)).toEqual(new Set(asked));
  expect(explained).toHaveLength(asked.length);
});
