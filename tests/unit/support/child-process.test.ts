import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScript } from '@/tests/support/child-process';

async function scriptOf(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-child-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'script.mts');
  await writeFile(path, source);
  return path;
}

test('a line is found, whether it was printed before or comes later', async () => {
  const child = startScript(await scriptOf("console.log('port 1'); console.error('port 2');"));
  expect((await child.waitForLine(/port (2)/))[1]).toBe('2');
  expect((await child.waitForLine(/port (1)/))[1]).toBe('1');
  expect(await child.exited).toBe(0);
});

test('waiting for a line that never comes ends with the child, and says what it printed', async () => {
  const child = startScript(await scriptOf("console.log('no luck'); process.exitCode = 4;"));
  await expect(child.waitForLine(/listening/)).rejects.toThrow(/ended \(4\)[\s\S]*no luck/);
});

test('stop lets the child tidy up first', async () => {
  const child = startScript(
    await scriptOf("process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); setInterval(() => {}, 1e3); console.log('up');"),
  );
  await child.waitForLine(/up/);
  await child.stop();
  expect(child.lines).toContain('bye');
});

test('an aborted signal stops the child', async () => {
  const abort = new AbortController();
  const child = startScript(await scriptOf("setInterval(() => {}, 1e3); console.log('up');"), [], { signal: abort.signal });
  await child.waitForLine(/up/);
  abort.abort();
  expect(await child.exited).toBeNull();
});

test('a child ends with its parent even if that is killed the hard way', async () => {
  // The grandchild holds a connection to this test: when it closes, the grandchild is gone.
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const grandchild = await scriptOf(`import { connect } from 'node:net'; connect(${port}, '127.0.0.1').on('error', () => {});`);
  const support = new URL('../../support/child-process.ts', import.meta.url).href;
  const parent = startScript(
    await scriptOf(
      `import { startScript } from ${JSON.stringify(support)}; startScript(${JSON.stringify(grandchild)}); setInterval(() => {}, 1e3);`,
    ),
  );
  const [socket] = (await once(server, 'connection')) as [NodeJS.ReadableStream];
  process.kill(parent.pid, 'SIGKILL');
  socket.on('error', () => {}).resume();
  await once(socket, 'close');
  expect(await parent.exited).toBeNull();
});
