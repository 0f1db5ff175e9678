import { basename } from 'node:path';
import { scanSource } from './source-scan';
import type { SourceFile, Violation } from './source-file';

const MAX_LINES = 500;
const MAX_ENTRY_POINT_LINES = 60;
const FORBIDDEN_NAME = /(?:^|-)(?:utils?|helpers?|manager|misc)(?:[-.]|$)/;
const FILE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)+$/;
/** The two places WXT looks for entry points: one file, or one folder with its main file and page. */
const ENTRY_POINT = /^entrypoints\/(?:[a-z]+(?:\.content)?\.tsx?|[a-z]+(?:\.content)?\/(?:index|main)\.tsx?)$/;

const BROWSER_API = /(?<![.\w$])(?:browser|chrome)\.\w/;
const DOM =
  /(?<![.\w$])(?:(?:document|window|navigator|location|localStorage|sessionStorage|self)\.\w|HTML\w*Element\b|customElements\b|indexedDB\b)/;
const CLOCK_OR_CHANCE =
  /(?<![.\w$])(?:Date\.now|new Date\b|performance\.now|Math\.random|crypto\.getRandomValues|setTimeout|setInterval|queueMicrotask)\b/;

interface Ban {
  readonly in: RegExp;
  readonly pattern: RegExp;
  readonly what: string;
  readonly instead: string;
}

const SANDBOXED = /^src\/(?:base|protocol|scheduler|engine|transport|store\/(?!opfs-))/;

export const BANS: Readonly<Record<string, Ban>> = {
  'extension API': {
    in: /^src\/(?:base|protocol|scheduler|engine|transport|store|host)\//,
    pattern: BROWSER_API,
    what: 'uses browser.* or chrome.*',
    instead: 'take what it needs as a parameter: the engine runs in any host, and an offscreen document has no such API',
  },
  'page globals': {
    in: SANDBOXED,
    pattern: DOM,
    what: 'uses a global of a web page',
    instead: 'take what it needs as a parameter; only store/opfs-… files may touch the file system of a browser',
  },
  'clock and chance': {
    in: /^src\/(?:scheduler|protocol|engine)\//,
    pattern: CLOCK_OR_CHANCE,
    what: 'reads a clock, draws a number or sets a timer by itself',
    instead: 'take the time and randomness as parameters (the engine gets both in EngineOptions), so that a simulation can steer them',
  },
  'messages of errors': {
    in: /^src\/(?:ui|page)\/(?!state\/(?:error|issue)-words)/,
    pattern: /\b\w*[eE]rror\.message\b/,
    what: 'shows the message of an error, which is English and for logs',
    instead: 'say it by errorWords, with a sentence of the interface for errors that bring no notice',
  },
};

export function banViolations(files: readonly SourceFile[], ban: Ban): readonly Violation[] {
  return files
    .filter(({ path }) => ban.in.test(path))
    .flatMap(({ path, text }) =>
      scanSource(text)
        .code.split('\n')
        .flatMap((line, index) => {
          const found = ban.pattern.exec(line);
          return found === null ? [] : [`${path}:${index + 1} ${ban.what} (${found[0]}): ${ban.instead}.`];
        }),
    );
}

export function lengthViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const limit = path.startsWith('entrypoints/') ? MAX_ENTRY_POINT_LINES : MAX_LINES;
    if (lines <= limit) return [];
    const advice = limit === MAX_LINES ? 'split it into things with a name each' : 'move what is more than wiring into src';
    return [`${path} has ${lines} lines, more than ${limit}: ${advice}.`];
  });
}

export function nameViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path }) => {
    const name = basename(path);
    if (FORBIDDEN_NAME.test(name)) return [`${path} says nothing by its name: call it after the one thing it holds.`];
    if (!FILE_NAME.test(name)) return [`${path} is not in kebab-case: name it after its main export, in small letters with hyphens.`];
    if (/^index\.tsx?$/.test(name) && !path.startsWith('entrypoints/')) {
      return [`${path} is a barrel: import from the files themselves, which shows what depends on what.`];
    }
    return [];
  });
}

export function looseEntryPointViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => path.startsWith('entrypoints/') && !ENTRY_POINT.test(path))
    .map(({ path }) => `${path} would be built as an entry point of its own: move it to a folder of src.`);
}

/** Switched-off checks and tests: what they hide comes back when nobody looks. */
export function switchedOffViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) => {
    const { code, comments } = scanSource(text);
    const violations: Violation[] = [];
    if (comments.some((comment) => /@ts-(?:ignore|nocheck|expect-error)|(?:oxlint|eslint)-disable/.test(comment))) {
      violations.push(`${path} switches a check off: change the code so that the check holds, or the rule for everybody.`);
    }
    if (/\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b/.test(code)) {
      violations.push(`${path} skips or singles out a test: mend the test or remove it.`);
    }
    return violations;
  });
}
