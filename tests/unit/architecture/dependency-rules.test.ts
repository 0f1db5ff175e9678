import { expect, test } from 'vitest';
import {
  layerViolations,
  nodeOnlyViolations,
  pathStyleViolations,
  singleImporterViolations,
  unknownFolderViolations,
} from '@/tests/support/architecture/dependency-rules';
import { LAYERS } from '@/tests/support/architecture/layers';

const file = (path: string, text = '') => ({ path, text });

test.each([
  ['src/base', "import { a } from '@/src/protocol/a';"],
  ['src/base', "import * as v from 'valibot';"],
  ['src/protocol', "import type { Engine } from '@/src/engine/engine';"],
  ['src/protocol', "import { io } from 'socket.io-client';"],
  ['src/scheduler', "import { a } from '../store/a';"],
  ['src/store', "import { browser } from 'wxt/browser';"],
  ['src/transport', "import { a } from '@/src/scheduler/a';"],
  ['src/engine', "export { a } from '@/src/messaging/a';"],
  ['src/messaging', "const a = import('@/src/engine/a');"],
  ['src/host', "import { a } from '@/src/background/a';"],
  ['src/settings', "import { a } from '@/src/ui/a';"],
  ['src/background', "import { a } from '@/src/engine/a';"],
  ['src/page', "import { render } from 'preact';"],
  ['src/ui', "import { a } from '@/src/store/a';"],
  ['src/ui', "import { a } from '@/tests/support/a';"],
  ['entrypoints', "import { a } from '@/src/engine/a';"],
  ['signaling-server', "import { a } from '@/src/transport/a';"],
])('%s may not say %s', (layer, text) => {
  expect(layerViolations([file(`${layer}/file.ts`, text)], layer)).toHaveLength(1);
});

test.each([
  ['src/scheduler', "import type { A } from '@/src/protocol/a';"],
  ['src/protocol', "import * as v from 'valibot';"],
  ['src/engine', "import { a } from './a';"],
  ['src/host', "import { a } from '@/src/settings/a';"],
  ['src/ui', "import { a } from '@/src/ui/components/a';"],
  ['entrypoints', "import { a } from '@/src/host/a';"],
  ['signaling-server', "import { Server } from 'socket.io';"],
])('%s may say %s', (layer, text) => {
  expect(layerViolations([file(`${layer}/file.ts`, text)], layer)).toEqual([]);
});

test('a refusal says where, what, and what to do instead', () => {
  const text = "\nimport { a } from '@/src/store/a';";
  expect(layerViolations([file('src/scheduler/pick.ts', text)], 'src/scheduler')).toEqual([
    'src/scheduler/pick.ts:2 imports src/store/a, but scheduler takes facts and gives choices: let the engine pass the facts in.',
  ]);
});

test('no two folders of the table may import each other', () => {
  const pairs = Object.entries(LAYERS).flatMap(([name, layer]) => layer.mayImport.map((other) => [name, other] as const));
  expect(pairs.filter(([name, other]) => LAYERS[other]?.mayImport.includes(name))).toEqual([]);
});

test('a folder that the table does not name is refused', () => {
  expect(unknownFolderViolations([file('src/things/a.ts'), file('src/base/a.ts'), file('tests/a.ts')])).toEqual([
    'src/things/a.ts lies in a folder that ARCHITECTURE.md does not name: move it to one of the folders there.',
  ]);
});

test('Node comes in only through files that say so', () => {
  const node = "import { open } from 'node:fs/promises';";
  expect(nodeOnlyViolations([file('src/host/node-torrent.ts', node), file('src/store/file-chunk-store.ts', node)])).toEqual([]);
  expect(nodeOnlyViolations([file('src/host/stream-server.ts', node)])).toHaveLength(1);
  expect(nodeOnlyViolations([file('src/host/engine.ts', "import { a } from './node-torrent';")])).toHaveLength(1);
});

test('a package with one importer may not get a second, and tests do not count', () => {
  const text = "import { io } from 'socket.io-client';";
  const one = [file('src/transport/a.ts', text), file('tests/server/a.ts', text)];
  expect(singleImporterViolations(one, 'socket.io-client')).toEqual([]);
  expect(singleImporterViolations([...one, file('src/transport/b.ts', text)], 'socket.io-client')).toHaveLength(1);
  expect(singleImporterViolations([...one, file('src/transport/b.ts', text)], 'socket.io')).toEqual([]);
});

test('a relative path may not leave its folder', () => {
  expect(pathStyleViolations([file('src/engine/a.ts', "import { b } from '../base/b';")])).toEqual([
    "src/engine/a.ts:1 reaches into another folder by ../base/b: write '@/src/base/b'.",
  ]);
  expect(pathStyleViolations([file('src/ui/player/a.ts', "import { b } from '../state/b';")])).toEqual([]);
});
