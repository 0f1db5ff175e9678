import { expect, test } from 'vitest';
import { CpuAccount } from '@/tests/bench/proc/cpu-account';
import { treeOf } from '@/tests/bench/proc/process-tree';
import { readBusySeconds, readProcesses, readPssBytes } from '@/tests/bench/proc/read-proc';

const at = (pid: number, parentPid: number, cpuSeconds = 0) => ({ pid, parentPid, cpuSeconds });

test('a tree is a process with its children and theirs, and nobody else', () => {
  const processes = [at(1, 0), at(50, 40), at(20, 10), at(10, 1), at(30, 20), at(40, 1), at(21, 10)];
  expect(treeOf(processes, 10).map(({ pid }) => pid)).toEqual([10, 20, 21, 30]);
  expect(treeOf(processes, 99)).toEqual([]);
});

test('what was used before the first look does not count, what a later process used does', () => {
  const account = new CpuAccount();
  account.look([at(1, 0, 10)]);
  account.look([at(1, 0, 12), at(2, 1, 3)]);
  expect(account.usedSeconds).toBe(5);
});

test('a process that ended keeps what it had used', () => {
  const account = new CpuAccount();
  account.look([at(1, 0, 1), at(2, 1, 1)]);
  account.look([at(1, 0, 2), at(2, 1, 4)]);
  account.look([at(1, 0, 3)]);
  expect(account.usedSeconds).toBe(5);
});

test.runIf(process.platform === 'linux')('this process is found with its parent, its time and its memory', async () => {
  const [own] = treeOf(await readProcesses(), process.pid);
  expect(own?.parentPid).toBe(process.ppid);
  expect(own?.cpuSeconds).toBeGreaterThan(0);
  expect(own === undefined ? 0 : await readPssBytes([own])).toBeGreaterThan(1_000_000);
  expect(await readBusySeconds()).toBeGreaterThan(own?.cpuSeconds ?? Infinity);
});
