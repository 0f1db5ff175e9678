/** The table of ARCHITECTURE.md: which folder may know which. Whoever changes one changes the other. */
export interface Layer {
  /** Folders it may import besides itself. */
  readonly mayImport: readonly string[];
  /** Packages it may import; undefined when any will do. */
  readonly packages?: RegExp;
  /** Where code that needs more belongs. */
  readonly instead: string;
}

const NONE = /^$/;

export const LAYERS: Readonly<Record<string, Layer>> = {
  'src/base': {
    mayImport: [],
    packages: NONE,
    instead: 'base is what every folder may use: move code that needs more to the folder it serves',
  },
  'src/protocol': {
    mayImport: ['src/base'],
    packages: /^(?:valibot|magnet-uri|@noble\/(?:hashes|ciphers)\/.+)$/,
    instead: 'protocol only says what crosses a boundary: take what does I/O as a parameter, or move the code to transport or engine',
  },
  'src/scheduler': {
    mayImport: ['src/base', 'src/protocol'],
    packages: NONE,
    instead: 'scheduler takes facts and gives choices: let the engine pass the facts in',
  },
  'src/store': {
    mayImport: ['src/base', 'src/protocol'],
    packages: /^(?!wxt\b|@wxt-dev\/|webextension-polyfill|@webext-core\/|preact|@preact\/)/,
    instead: 'a store keeps bytes and knows nobody: let the engine, or src/host, call it',
  },
  'src/transport': {
    mayImport: ['src/base', 'src/protocol'],
    packages: /^(?!wxt\b|@wxt-dev\/|webextension-polyfill|@webext-core\/|preact|@preact\/|node:)/,
    instead: 'a link carries frames and knows nobody: let the engine call it',
  },
  'src/engine': {
    mayImport: ['src/base', 'src/protocol', 'src/scheduler', 'src/store', 'src/transport'],
    packages: /^(?!wxt\b|@wxt-dev\/|webextension-polyfill|@webext-core\/|preact|@preact\/|node:)/,
    instead: 'the engine runs in any host: take what it needs through EngineOptions, and let src/host provide it',
  },
  'src/messaging': {
    mayImport: ['src/base', 'src/protocol'],
    packages: /^(?!preact|@preact\/|node:)/,
    instead: 'messaging knows shapes, not who answers: put the shape into protocol and let src/host or src/ui implement it',
  },
  'src/host': {
    mayImport: ['src/base', 'src/protocol', 'src/scheduler', 'src/store', 'src/transport', 'src/engine', 'src/messaging', 'src/settings'],
    packages: /^(?!preact|@preact\/)/,
    instead: 'the host does not know its pages: speak to them through src/messaging',
  },
  'src/settings': {
    mayImport: ['src/base', 'src/protocol'],
    packages: /^(?!preact|@preact\/|node:)/,
    instead: 'settings are read by every context: keep them free of what only one context has',
  },
  'src/background': {
    mayImport: ['src/base', 'src/protocol', 'src/messaging', 'src/settings'],
    packages: /^(?!preact|@preact\/|node:)/,
    instead: 'the service worker is only a switchboard: ask the engine through src/messaging',
  },
  'src/page': {
    mayImport: ['src/base', 'src/protocol', 'src/messaging', 'src/settings'],
    packages: /^(?!preact|@preact\/|node:)/,
    instead: 'code in a visited page stays small: let the player page or the service worker do it, through src/messaging',
  },
  locales: {
    mayImport: [],
    packages: NONE,
    instead: 'a locale file holds texts: put what chooses between them into src/ui',
  },
  'src/ui': {
    mayImport: ['src/base', 'src/protocol', 'src/messaging', 'src/settings', 'locales'],
    packages: /^(?!node:)/,
    instead: 'pages see the engine only through its calls and snapshots: use src/messaging and src/protocol/engine-api.ts',
  },
  entrypoints: {
    mayImport: ['src/base', 'src/protocol', 'src/messaging', 'src/settings', 'src/host', 'src/background', 'src/page', 'src/ui'],
    packages: /^(?!node:)/,
    instead: 'entry points only wire: start the engine through src/host',
  },
  'signaling-server': {
    mayImport: ['src/base', 'src/protocol'],
    packages: /^(?!wxt\b|@wxt-dev\/|webextension-polyfill|@webext-core\/|preact|@preact\/)/,
    instead: 'the server relays sealed messages and shares only their shapes with the extension: put the shape into src/protocol',
  },
};

/** Folders that use the product and that the product must not know. */
export const OUTSIDE = ['scripts', 'tests'];

/** @returns `src/store` for `src/store/run-files.ts`; undefined for a folder nobody has agreed on */
export function layerOf(path: string): string | undefined {
  const [first = '', second = ''] = path.split('/');
  const name = first === 'src' ? `src/${second}` : first;
  return name in LAYERS || OUTSIDE.includes(name) ? name : undefined;
}
