import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TEXT_OPTIONS, WHOLE_OPTIONS } from '@/signaling-server/src/config';
import { startServer } from './test-server';

/** What hosts copy must name things that there are. */

const FOLDER = fileURLToPath(new URL('../../signaling-server/deploy/', import.meta.url));
const GUIDE = fileURLToPath(new URL('../../docs/signaling.md', import.meta.url));
const OPTIONS = new Set<string>([...Object.keys(TEXT_OPTIONS), ...Object.values(WHOLE_OPTIONS).map(({ env }) => env)]);
/** Of other programs. */
const FOREIGN = new Set(['DOMAIN', 'NODE_ENV']);

test('every variable that a deploy file sets is an option of the server', async () => {
  const set = new Set<string>();
  for (const name of await readdir(FOLDER)) {
    if (!/^(compose\.yaml|Dockerfile|Procfile|app\.json|fly\.toml|render\.yaml|\.env\.example)$/.test(name)) continue;
    const text = await readFile(FOLDER + name, 'utf8');
    for (const [, variable = ''] of text.matchAll(/\b([A-Z][A-Z_]{3,})\b["']?\s*(?:=|:)/g)) set.add(variable);
  }
  expect(set.size).toBeGreaterThan(5);
  expect([...set].filter((variable) => !OPTIONS.has(variable) && !FOREIGN.has(variable) && !/^(CMD|USER|COPY)$/.test(variable))).toEqual(
    [],
  );
});

test('the guide names every option, and no other', async () => {
  const guide = await readFile(GUIDE, 'utf8');
  expect([...OPTIONS].filter((option) => !guide.includes(`\`${option}\``))).toEqual([]);
});

test('the TURN server of the compose file does not start without a secret', async () => {
  const compose = await readFile(`${FOLDER}compose.yaml`, 'utf8');
  const script = /- \|\n([\s\S]*?)\n\n/.exec(compose)?.[1]?.replaceAll('$$', '$').replace('exec turnserver', 'echo turnserver') ?? '';
  const run = promisify(execFile);
  const withSecret = (secret: string) => run('/bin/sh', ['-c', script], { env: { TURN_SECRET: secret, DOMAIN: 'turn.example.org' } });
  await expect(withSecret('')).rejects.toThrow('Set TURN_SECRET');
  await expect(withSecret('short')).rejects.toThrow('Set TURN_SECRET');
  expect((await withSecret('a long enough secret')).stdout).toContain('--static-auth-secret=a long enough secret --realm=turn.example.org');
});

test('the dashboard asks for metrics that there are', async () => {
  const { url } = await startServer();
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const dashboard = JSON.parse(await readFile(`${FOLDER}grafana-dashboard.json`, 'utf8')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  const names = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(?:lodestream|process|nodejs)_\w+/g) ?? []),
  );
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !metrics.includes(`# TYPE ${name} `))).toEqual([]);
});
