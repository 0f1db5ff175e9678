import { describe, expect, test } from 'vitest';
import { createSenderGuard } from '@/src/background/sender-guard';

const ID = 'abcdefghijklmnopabcdefghijklmnop';
const ORIGIN = `chrome-extension://${ID}`;
const OWN = `${ORIGIN}/`;
const guard = createSenderGuard(ID, ORIGIN);
const page = { id: ID, url: 'https://films.example/list', frameId: 0, tab: { id: 5 } };
const player = { id: ID, url: `${OWN}player.html#token`, frameId: 12, tab: { id: 5 } };

describe('the sender guard', () => {
  test('a player is registered by the top frame of a web page', () => {
    expect(guard.topFrameOfPage(page)).toEqual({ tabId: 5, frameId: 0 });
  });

  test.each([
    ['a frame inside the page', { ...page, frameId: 3 }],
    ['another extension', { ...page, id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['a page of ours', { ...page, url: `${OWN}player.html` }],
    ['someone without a tab', { ...page, tab: undefined }],
  ])('%s cannot register a player', (_who, sender) => {
    expect(() => guard.topFrameOfPage(sender)).toThrow('Only a web page itself');
  });

  test('a frame inside the page is told from the page itself', () => {
    expect(guard.frameOfPage({ ...page, frameId: 3 })).toEqual({ tabId: 5, frameId: 3 });
    expect(guard.frameOfPage({ ...page, url: 'about:srcdoc', frameId: 3 })).toEqual({ tabId: 5, frameId: 3 });
  });

  test.each([
    ['another extension', { ...page, id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['our player', player],
    ['someone without a tab', { ...page, tab: undefined }],
  ])('%s is no frame of a page', (_who, sender) => {
    expect(() => guard.frameOfPage(sender)).toThrow('Only a web page');
  });

  test('a token is redeemed by the player page in its frame', () => {
    expect(guard.playerPage(player)).toEqual({ tabId: 5, frameId: 12 });
  });

  test.each([
    ['a web page', page],
    ['a web page with a look-alike address', { ...player, url: `https://films.example/?${OWN}player.html` }],
    ['another page of ours', { ...player, url: `${OWN}options.html` }],
    ['another extension', { ...player, id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['our player in a sandbox, where it cannot play', { ...player, origin: 'null' }],
    ['someone without an address', { ...player, url: undefined }],
  ])('%s cannot redeem a token', (_who, sender) => {
    expect(() => guard.playerPage(sender)).toThrow('Only the player');
  });

  test('our pages are known by their address', () => {
    expect(() => guard.ownPage({ id: ID, url: `${OWN}popup.html` })).not.toThrow();
    expect(() => guard.ownPage(page)).toThrow('Only a page of Lodestream');
  });
});
