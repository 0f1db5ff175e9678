/** Frames that are no good, or only almost: of a seed, so that each run can be had again. */

export const TARGETS = ['/ws', '/announce', '/socket.io/?EIO=4&transport=websocket'] as const;
export type Target = (typeof TARGETS)[number];

/** Mulberry32: from 0 up to, but not including, 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HEX = 'a1'.repeat(20);
const SEALED = 'x'.repeat(300);
const ANNOUNCE = {
  swarmId: HEX,
  peerId: HEX,
  resumeToken: 'b2'.repeat(32),
  want: 3,
  offers: [{ offerId: HEX, sealed: SEALED }],
  skip: [HEX],
};
const DIRECTED = { to: HEX, swarmId: HEX, offerId: HEX, sealed: SEALED };
const BYTES = Buffer.from(HEX, 'hex').toString('latin1');
const TRACKED = {
  action: 'announce',
  info_hash: BYTES,
  peer_id: BYTES,
  numwant: 3,
  left: 0,
  offers: [{ offer_id: BYTES, offer: { type: 'offer', sdp: SEALED } }],
};

const NATIVE = [
  ['announce', ANNOUNCE],
  ['offer', DIRECTED],
  ['answer', DIRECTED],
  ['ice-candidate', DIRECTED],
  ['leave', { swarmId: HEX }],
  ['auth', { token: 'guess' }],
] as const;

const WELL_FORMED: Readonly<Record<Target, readonly string[]>> = {
  '/ws': NATIVE.map(([type, payload], id) => JSON.stringify({ type, id, payload })),
  '/announce': [
    TRACKED,
    { ...TRACKED, event: 'stopped' },
    { ...TRACKED, to_peer_id: BYTES, offer_id: BYTES, answer: { type: 'answer', sdp: SEALED } },
    { action: 'scrape', info_hash: [BYTES] },
  ].map((message) => JSON.stringify(message)),
  '/socket.io/?EIO=4&transport=websocket': ['40', '41', '2', '3', ...NATIVE.map((event, id) => `42${id}${JSON.stringify(event)}`)],
};

/** What hurts parsers, put anywhere. */
const SPLINTERS = [
  'null',
  '{}',
  '[]',
  '1e999',
  '-1',
  '"',
  '\\u0000',
  '{"__proto__":',
  '[[[[[[[[',
  '9'.repeat(400),
  '\u{1f3a5}',
  ',',
  ':',
  '\0',
];

export function malformedFrame(target: Target, random: () => number): string | Uint8Array {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  let text = pick(WELL_FORMED[target]);
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(random() * (text.length + 1));
    const kind = random();
    if (kind < 0.3) text = text.slice(0, at);
    else if (kind < 0.6) text = text.slice(0, at) + pick(SPLINTERS) + text.slice(at);
    else if (kind < 0.8) text = text.slice(0, at) + pick(SPLINTERS) + text.slice(at + Math.floor(random() * 30));
    else text = text.slice(0, at) + String.fromCharCode(random() * 0xffff) + text.slice(at + 1);
  }
  if (random() < 0.02) text = '['.repeat(20_000) + text;
  return random() < 0.05 ? Buffer.from(text) : text;
}
