import { posix } from 'node:path';
import { importsOf } from './imports';
import { LAYERS, OUTSIDE, layerOf } from './layers';
import type { SourceFile, Violation } from './source-file';

/** Files that only Node loads; the browser's bundles must never reach them. */
const NODE_FILE = /^src\/(?:host\/node-[^/]+|store\/(?:node-[^/]+|file-chunk-store|seed-store))\.ts$/;
/** Each is known to one file, so that changing it, or doing without, is a change to that file. */
export const SINGLE_IMPORTER_PACKAGES = ['socket.io-client', 'socket.io', 'webtorrent'];

/** The dependency table, for the files of one layer. */
export function layerViolations(files: readonly SourceFile[], layerName: string): readonly Violation[] {
  const layer = LAYERS[layerName];
  if (layer === undefined) return [`${layerName} is no folder of the dependency table.`];
  const inLayer = files.filter(({ path }) => layerOf(path) === layerName);
  return eachImport(inLayer).flatMap(({ path, specifier, line }): readonly Violation[] => {
    const target = resolveImport(path, specifier);
    if (target === undefined) {
      const allowed = layer.packages?.test(specifier) ?? true;
      const nodeOnly = specifier.startsWith('node:') && NODE_FILE.test(path);
      return allowed || nodeOnly ? [] : [`${path}:${line} imports the package ${specifier}, but ${layer.instead}.`];
    }
    const targetLayer = layerOf(target);
    if (targetLayer === layerName || (targetLayer !== undefined && layer.mayImport.includes(targetLayer))) return [];
    const what = targetLayer !== undefined && OUTSIDE.includes(targetLayer) ? `${targetLayer}, which the product must not need` : target;
    return [`${path}:${line} imports ${what}, but ${layer.instead}.`];
  });
}

export function unknownFolderViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => layerOf(path) === undefined)
    .map(({ path }) => `${path} lies in a folder that ARCHITECTURE.md does not name: move it to one of the folders there.`);
}

/** Node's modules in src: only in files that say by their name that they run in Node, and only such files import those. */
export function nodeOnlyViolations(files: readonly SourceFile[]): readonly Violation[] {
  const inBrowser = files.filter(({ path }) => /^(?:src|entrypoints)\//.test(path) && !NODE_FILE.test(path));
  return eachImport(inBrowser).flatMap(({ path, specifier, line }) => {
    const target = resolveImport(path, specifier);
    const needsNode =
      target === undefined ? /^node:|^node-datachannel/.test(specifier) : NODE_FILE.test(`${target.replace(/\.ts$/, '')}.ts`);
    return needsNode
      ? [`${path}:${line} imports ${specifier}, which only Node has: move that part to src/host/node-….ts or src/store/node-….ts.`]
      : [];
  });
}

export function singleImporterViolations(files: readonly SourceFile[], packageName: string): readonly Violation[] {
  const product = files.filter(({ path }) => /^(?:src|entrypoints|signaling-server)\//.test(path));
  const importers = new Set(
    eachImport(product)
      .filter(({ specifier }) => specifier === packageName || specifier.startsWith(`${packageName}/`))
      .map(({ path }) => path),
  );
  return importers.size <= 1
    ? []
    : [`${packageName} is imported by ${[...importers].join(' and ')}: let one of them wrap it and the others use that file.`];
}

/** Across folders an import names the whole path; inside one it is relative, so that a folder can be moved. */
export function pathStyleViolations(files: readonly SourceFile[]): readonly Violation[] {
  return eachImport(files).flatMap(({ path, specifier, line }) => {
    const target = resolveImport(path, specifier);
    if (target === undefined || !specifier.startsWith('.') || layerOf(target) === layerOf(path)) return [];
    return [`${path}:${line} reaches into another folder by ${specifier}: write '@/${target}'.`];
  });
}

function eachImport(files: readonly SourceFile[]) {
  return files.flatMap(({ path, text }) => importsOf(text).map((found) => ({ path, ...found })));
}

/** @returns the path from the root; undefined for a package */
function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return undefined;
}
