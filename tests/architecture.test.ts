import { describe, expect, test } from 'vitest';
import {
  SINGLE_IMPORTER_PACKAGES,
  layerViolations,
  nodeOnlyViolations,
  pathStyleViolations,
  singleImporterViolations,
  unknownFolderViolations,
} from './support/architecture/dependency-rules';
import {
  BANS,
  banViolations,
  lengthViolations,
  looseEntryPointViolations,
  nameViolations,
  switchedOffViolations,
} from './support/architecture/habit-rules';
import { LAYERS } from './support/architecture/layers';
import { projectFiles } from './support/architecture/source-file';

/** The rules of ARCHITECTURE.md and CONTRIBUTING.md on the real files. What each rule refuses is tested in tests/unit/architecture. */
const files = await projectFiles();

describe('one-way dependencies', () => {
  test('the table has files to look at', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  test.each(Object.keys(LAYERS))('%s imports only what it may', (layer) => {
    expect(layerViolations(files, layer)).toEqual([]);
  });

  test('every folder of the product is one that the architecture names', () => {
    expect(unknownFolderViolations(files)).toEqual([]);
  });

  test('what the browser loads never reaches for Node', () => {
    expect(nodeOnlyViolations(files)).toEqual([]);
  });

  test.each(SINGLE_IMPORTER_PACKAGES)('%s is imported by one file at most', (packageName) => {
    expect(singleImporterViolations(files, packageName)).toEqual([]);
  });

  test('imports across folders name the whole path', () => {
    expect(pathStyleViolations(files)).toEqual([]);
  });
});

describe('habits', () => {
  test.each(Object.entries(BANS))('%s is used only where it belongs', (_name, ban) => {
    expect(banViolations(files, ban)).toEqual([]);
  });

  test('files stay short, entry points shorter', () => {
    expect(lengthViolations(files)).toEqual([]);
  });

  test('file names say what is inside', () => {
    expect(nameViolations(files)).toEqual([]);
  });

  test('entry points have no loose files beside them', () => {
    expect(looseEntryPointViolations(files)).toEqual([]);
  });

  test('no check and no test is switched off', () => {
    expect(switchedOffViolations(files)).toEqual([]);
  });
});
