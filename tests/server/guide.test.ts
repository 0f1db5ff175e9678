import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '@/tests/support/child-process';
import { startServer } from './test-server';

/** Code of docs/signaling.md runs as it stands there. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.each(['socket-io', 'web-socket'])('the client by %s announces itself', async (name) => {
  const guide = await readFile(`${ROOT}docs/signaling.md`, 'utf8');
  const code = new RegExp(`\`\`\`js ${name}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';
  // Where it finds its package, as it does where somebody has installed it.
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.cache', 'guide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'client.mjs'), code);
  const { url } = await startServer();
  const client = startProgram(process.execPath, [join(folder, 'client.mjs')], { env: { SERVER: url } });
  await client.waitForLine(/peers/);
  expect(await client.exited).toBe(0);
});
