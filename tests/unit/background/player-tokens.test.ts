import { describe, expect, test } from 'vitest';
import { PlayerTokens, type TokenArea } from '@/src/background/player-tokens';

const REQUEST = { magnet: 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a', clickedAtMs: 1_700_000_000_000 };
const REFUSED = { refused: { name: expect.stringMatching(/^player(?:Elsewhere|OpenAlready)$/) as string, values: {} } };

/** Structured like `storage.session`: what is stored is a copy. */
function memoryArea(): TokenArea {
  const items = new Map<string, unknown>();
  return {
    get: async (key) => (items.has(key) ? { [key]: structuredClone(items.get(key)) } : {}),
    set: async (changes) => {
      for (const [key, value] of Object.entries(changes)) items.set(key, structuredClone(value));
    },
    remove: async (key) => {
      items.delete(key);
    },
  };
}

describe('player tokens', () => {
  test('a token trades for the link that was clicked', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const token = await tokens.register(7, REQUEST);
    expect(await tokens.redeem(token, 7, 3)).toEqual(REQUEST);
  });

  test('the same frame may redeem again, also after the service worker was started anew', async () => {
    const area = memoryArea();
    const token = await new PlayerTokens(area).register(7, REQUEST);
    await new PlayerTokens(area).redeem(token, 7, 3);
    expect(await new PlayerTokens(area).redeem(token, 7, 3)).toEqual(REQUEST);
  });

  test('another frame of the tab is refused once a frame has redeemed', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const token = await tokens.register(7, REQUEST);
    await tokens.redeem(token, 7, 3);
    expect(await tokens.redeem(token, 7, 4)).toEqual(REFUSED);
  });

  test('of two frames that redeem at the same moment one is refused', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const token = await tokens.register(7, REQUEST);
    const answers = await Promise.all([tokens.redeem(token, 7, 3), tokens.redeem(token, 7, 4)]);
    expect(answers).toEqual([REQUEST, REFUSED]);
  });

  test('another tab is refused', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const token = await tokens.register(7, REQUEST);
    expect(await tokens.redeem(token, 8, 3)).toEqual(REFUSED);
  });

  test('the next click of the tab voids the token before it', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const first = await tokens.register(7, REQUEST);
    const second = await tokens.register(7, REQUEST);
    expect(second).not.toBe(first);
    expect(await tokens.redeem(first, 7, 3)).toEqual(REFUSED);
    expect(await tokens.redeem(second, 7, 3)).toEqual(REQUEST);
  });

  test('a closed tab takes its token with it', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const token = await tokens.register(7, REQUEST);
    await tokens.forgetTab(7);
    expect(await tokens.redeem(token, 7, 3)).toEqual(REFUSED);
  });

  test('a player opened as a tab may ask before the tab is known', async () => {
    const tokens = new PlayerTokens(memoryArea());
    let asked: Promise<unknown> | undefined;
    await tokens.registerOpened(REQUEST, async (token) => {
      asked = tokens.redeem(token, 9, 0);
      return 9;
    });
    expect(await asked).toEqual(REQUEST);
  });

  test('a hundred tokens are a hundred different ones', async () => {
    const tokens = new PlayerTokens(memoryArea());
    const made = await Promise.all(Array.from({ length: 100 }, (_, tabId) => tokens.register(tabId, REQUEST)));
    expect(new Set(made).size).toBe(100);
  });
});
