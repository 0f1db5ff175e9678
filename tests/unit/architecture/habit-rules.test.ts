import { expect, test } from 'vitest';
import {
  BANS,
  banViolations,
  lengthViolations,
  looseEntryPointViolations,
  nameViolations,
  switchedOffViolations,
} from '@/tests/support/architecture/habit-rules';

const file = (path: string, text = '') => ({ path, text });
const lines = (count: number): string => 'a;\n'.repeat(count);
const bans = (path: string, text: string): readonly string[] =>
  Object.values(BANS).flatMap((ban) => banViolations([file(path, text)], ban));

test.each([
  ['src/scheduler/a.ts', 'const now = Date.now();'],
  ['src/scheduler/a.ts', 'if (Math.random() < 0.5) pick();'],
  ['src/scheduler/a.ts', 'setTimeout(pick, 10);'],
  ['src/engine/a.ts', 'const now = performance.now();'],
  ['src/ui/popup/a.ts', 'complaint.value = error.message;'],
  ['src/engine/a.ts', 'const text = `${Date.now()} ms`;'],
  ['src/engine/a.ts', 'chrome.runtime.getURL("a");'],
  ['src/host/a.ts', 'await browser.storage.local.get();'],
  ['src/protocol/a.ts', 'document.title = "a";'],
  ['src/store/memory-chunk-store.ts', 'await navigator.storage.getDirectory();'],
])('%s may not say %s', (path, text) => {
  expect(bans(path, text)).toHaveLength(1);
});

test.each([
  ['src/scheduler/a.ts', '// Date.now() would make it unrepeatable'],
  ['src/scheduler/a.ts', 'const age = facts.now - facts.Date.now;'],
  ['src/engine/a.ts', "fail('the browser. And chrome.');"],
  ['src/engine/a.ts', 'options.document.open();'],
  ['src/store/opfs-file-tree.ts', 'await navigator.storage.getDirectory();'],
  ['src/ui/a.ts', 'document.title = String(Date.now());'],
])('%s may say %s', (path, text) => {
  expect(bans(path, text)).toEqual([]);
});

test('files have 500 lines at most, entry points 60', () => {
  expect(lengthViolations([file('src/a.ts', lines(500)), file('entrypoints/a.ts', lines(60))])).toEqual([]);
  expect(lengthViolations([file('src/a.ts', lines(501)), file('entrypoints/a.ts', lines(61))])).toEqual([
    'src/a.ts has 501 lines, more than 500: split it into things with a name each.',
    'entrypoints/a.ts has 61 lines, more than 60: move what is more than wiring into src.',
  ]);
});

test.each([
  'src/base/utils.ts',
  'src/ui/player-helpers.ts',
  'src/engine/peer-manager.ts',
  'src/misc.ts',
  'src/store/index.ts',
  'src/PeerList.ts',
  'src/peer_list.ts',
])('%s is refused for its name', (path) => {
  expect(nameViolations([file(path)])).toHaveLength(1);
});

test.each(['src/base/bytes.ts', 'src/engine/peer.ts', 'entrypoints/magnets.content/index.ts', 'tests/unit/base/bytes.test.ts'])(
  '%s is a name',
  (path) => {
    expect(nameViolations([file(path)])).toEqual([]);
  },
);

test('entry points have only their own files beside them', () => {
  const good = ['entrypoints/background.ts', 'entrypoints/magnets.content/index.ts', 'entrypoints/player/main.tsx'];
  expect(looseEntryPointViolations(good.map((path) => file(path)))).toEqual([]);
  const loose = ['entrypoints/find-links.ts', 'entrypoints/player/seek-bar.tsx', 'entrypoints/player/parts/main.tsx'];
  expect(looseEntryPointViolations(loose.map((path) => file(path)))).toHaveLength(3);
});

test('what is switched off is found, in comments and in tests', () => {
  expect(switchedOffViolations([file('src/a.ts', '// @ts-ignore\na();')])).toHaveLength(1);
  expect(switchedOffViolations([file('src/a.ts', '/* oxlint-disable no-eval */')])).toHaveLength(1);
  expect(switchedOffViolations([file('tests/a.test.ts', "test.skip('a', () => {});")])).toHaveLength(1);
  expect(switchedOffViolations([file('tests/a.test.ts', "const text = 'test.skip and @ts-ignore';")])).toEqual([]);
});
