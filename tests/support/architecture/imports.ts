import { scanSource } from './source-scan';

export interface Import {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
}

const PATTERNS = [
  // import x from '…', import type { X } from '…', export { x } from '…', export * from '…'
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"\n]+)['"]/g,
  // import '…', import('…'), import('…').Type
  /\bimport\s*\(?\s*['"`]([^'"`\n]+)['"`]/g,
  // new Worker(new URL('….ts', import.meta.url)): bundlers follow it
  /\bnew URL\(\s*['"]([^'"\n]+\.tsx?)['"]\s*,\s*import\.meta\.url/g,
];

/** Everything a source file depends on, types too: a type crosses a layer as much as a value does. */
export function importsOf(text: string): readonly Import[] {
  const { withoutComments } = scanSource(text);
  const found = PATTERNS.flatMap((pattern) =>
    [...withoutComments.matchAll(pattern)].map((match) => ({
      specifier: match[1] ?? '',
      line: withoutComments.slice(0, match.index).split('\n').length,
    })),
  );
  return found.toSorted((a, b) => a.line - b.line);
}
