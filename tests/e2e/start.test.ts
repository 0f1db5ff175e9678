import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startScript, type Child } from '@/tests/support/child-process';

/** `npm start` without a display, as a process of its own: it plays a real film, says so, and leaves nothing behind. */

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TIMELINE = ['overlay', 'signaling', 'peer', 'metadata', 'first verified piece', 'first frame'];

interface Demo {
  readonly child: Child;
  /** Where the demo puts what it needs only while it runs. */
  readonly temporaryFolder: string;
  readonly output: () => string;
}

async function emptyFolder(prefix: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function startDemo(...args: readonly string[]): Promise<Demo> {
  const [temporaryFolder, screenshots] = await Promise.all([emptyFolder('start-tmp-'), emptyFolder('start-shots-')]);
  const env = { TMPDIR: temporaryFolder, TEMP: temporaryFolder };
  const child = startScript('scripts/start.ts', ['--headless', '--screenshots', screenshots, ...args], { env });
  onTestFinished(() => child.stop());
  return { child, temporaryFolder, output: () => child.lines.join('\n') };
}

async function expectNothingLeft({ temporaryFolder, output }: Demo): Promise<void> {
  const demoFolders = (await readdir(temporaryFolder)).filter((name) => name.startsWith('lodestream'));
  expect(demoFolders).toEqual([]);
  const addresses = output().match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) await expect(fetch(address), address).rejects.toThrow('fetch failed');
  expect(await processesUsing(temporaryFolder)).toEqual([]);
}

/** Command lines of processes that name this folder, as every process of the demo's browsers does. Only Linux lets anyone read them. */
async function processesUsing(folder: string): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(folder));
}

async function expectScreenshots({ child }: Demo, count: number): Promise<void> {
  const paths = child.lines.flatMap((line) => /screenshot: (.+\.png)$/.exec(line)?.[1] ?? []);
  expect(paths).toHaveLength(count);
  for (const path of paths) expect(new Uint8Array(await readFile(path)).subarray(0, 8)).toEqual(PNG_SIGNATURE);
}

test('without a display it plays the film itself and prints how long each step took', async () => {
  const demo = await startDemo();
  expect(await demo.child.exited, demo.output()).toBe(0);
  for (const step of TIMELINE) expect(demo.output()).toMatch(new RegExp(`^  ${step} +\\d+$`, 'm'));
  expect(demo.output()).toMatch(/^ {2}peers +1$/m);
  expect(demo.output()).toMatch(/^ {2}bytes verified +[\d,]+ of [\d,]+$/m);
  await expectScreenshots(demo, 1);
  await expectNothingLeft(demo);
});

test('two viewers: both play, and the second gets bytes from the first', async () => {
  const demo = await startDemo('--viewers', '2');
  expect(await demo.child.exited, demo.output()).toBe(0);
  const received = [...demo.output().matchAll(/^ {2}Viewer \d +[\d,]+ +([\d,]+) +[\d,]+$/gm)].map(([, bytes = '']) =>
    Number(bytes.replaceAll(',', '')),
  );
  expect(received).toHaveLength(2);
  expect(Math.max(...received)).toBeGreaterThan(0);
  await expectScreenshots(demo, 2);
  await expectNothingLeft(demo);
});

test.each([
  ['while the extension is being built', /Building the extension/],
  ['while the browser opens', /opening a browser/],
  ['while the film plays', /It plays:/],
])('interrupted %s, it leaves nothing behind', async (_moment, line) => {
  const demo = await startDemo();
  await demo.child.waitForLine(line);
  await demo.child.waitForLine(/Signaling server: http/);
  process.kill(demo.child.pid, 'SIGINT');
  expect(await demo.child.exited, demo.output()).toBe(130);
  await expectNothingLeft(demo);
});

test('an option it does not know is refused with a sentence', async () => {
  const demo = await startDemo('--colour');
  expect(await demo.child.exited).toBe(2);
  expect(demo.output()).toContain("Unknown option '--colour'");
  expect(demo.output()).toContain('Usage: npm start');
});
