import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '@/src/settings/schema';
import { MAX_SETTINGS_FILE_BYTES } from '@/src/settings/settings-file';
import { createSettingsImport, type ImportOutcome } from '@/src/ui/options/settings-import';

interface Attempt {
  readonly outcome: ImportOutcome;
  readonly saved: readonly Settings[];
}

/** Resolves once it is known what became of the file. */
async function importFile(file: File, refusal?: string): Promise<Attempt> {
  const saved: Settings[] = [];
  const { take, outcome } = createSettingsImport(signal<Settings | undefined>(DEFAULT_SETTINGS), async (settings) => {
    saved.push(settings);
    return refusal;
  });
  const known = new Promise<ImportOutcome>((resolve) => {
    outcome.subscribe((value) => {
      if (value.kind !== 'none') resolve(value);
    });
  });
  take(file);
  return { outcome: await known, saved };
}

function fileOf(settings: object): File {
  return new File([JSON.stringify({ app: 'lodestream', version: 1, settings })], 'mine.json');
}

test('a file that is too large is refused before a byte of it is read', async () => {
  const file = new File(['x'.repeat(MAX_SETTINGS_FILE_BYTES + 1)], 'large.json');
  let isRead = false;
  file.text = async () => {
    isRead = true;
    return '';
  };
  const { outcome, saved } = await importFile(file);
  expect(outcome).toMatchObject({ kind: 'refused', fileName: 'large.json', sentence: expect.stringContaining('256 KiB') });
  expect([isRead, saved]).toEqual([false, []]);
});

test('a file that is gone since it was chosen is refused', async () => {
  const file = fileOf({});
  file.text = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  const { outcome, saved } = await importFile(file);
  expect(outcome).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('could not read') });
  expect(saved).toEqual([]);
});

test('a file with one setting that is wrong changes none', async () => {
  const { outcome, saved } = await importFile(fileOf({ allowLocalPeers: true, relayOnly: 1 }));
  expect(outcome).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('relayOnly') });
  expect(saved).toEqual([]);
});

test('what was taken over is told once it is stored, and the browser’s reason where it is not', async () => {
  const change = { allowLocalPeers: true };
  const { outcome, saved } = await importFile(fileOf(change));
  expect(outcome).toEqual({ kind: 'imported', fileName: 'mine.json', changes: ['Allow peers on my own network: on'], switchedOff: [] });
  expect(saved).toEqual([{ ...DEFAULT_SETTINGS, ...change }]);
  expect((await importFile(fileOf(change), 'The disk is full.')).outcome).toMatchObject({ kind: 'refused', sentence: 'The disk is full.' });
});
