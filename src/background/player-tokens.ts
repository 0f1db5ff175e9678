import * as v from 'valibot';
import { toBase64Url } from '@/src/base/bytes';
import type { PlayerRequest, RedeemAnswer } from '@/src/messaging/background-messages';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { notice } from '@/src/protocol/notice';

const TOKEN_BYTES = 16;

export const playerRequest = v.object({
  magnet: v.pipe(v.string(), v.maxLength(MAX_MAGNET_CHARS)),
  clickedAtMs: v.pipe(v.number(), v.finite()),
});
export const tokenText = v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'A token is 22 characters.'));

const storedPlayer = v.object({
  token: tokenText,
  request: playerRequest,
  /** The frame that redeemed the token first; nobody else may. */
  frameId: v.nullable(v.number()),
});

/** `storage.session`, or a Map in tests: survives the service worker, not the browser. */
export interface TokenArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(key: string): Promise<void>;
}

/**
 * Any page may frame player.html, so the player does nothing without a token that only a click on a magnet link brings into being. Each
 * tab has one at most: it is worth nothing in another tab, and after its first use in any other frame.
 */
export class PlayerTokens {
  readonly #area: TokenArea;

  constructor(area: TokenArea) {
    this.#area = area;
  }

  /** The token of the tab's new player; the one before it is void. */
  register(tabId: number, request: PlayerRequest): Promise<string> {
    return alone(() => this.#store(tabId, request));
  }

  /** For a player that is a tab itself: the tab must be there to be bound to, and must not ask before it is. */
  registerOpened(request: PlayerRequest, openTab: (token: string) => Promise<number | undefined>): Promise<void> {
    return alone(async () => {
      const token = randomToken();
      const tabId = await openTab(token);
      if (tabId !== undefined) await this.#store(tabId, request, token);
    });
  }

  redeem(token: string, tabId: number, frameId: number): Promise<RedeemAnswer> {
    return alone(async () => {
      const key = keyOf(tabId);
      const stored = v.safeParse(storedPlayer, (await this.#area.get(key))[key]);
      if (!stored.success || stored.output.token !== token) {
        return { refused: notice('playerElsewhere') };
      }
      const player = stored.output;
      if (player.frameId !== null && player.frameId !== frameId) {
        return { refused: notice('playerOpenAlready') };
      }
      if (player.frameId === null) await this.#area.set({ [key]: { ...player, frameId } });
      return player.request;
    });
  }

  forgetTab(tabId: number): Promise<void> {
    return this.#area.remove(keyOf(tabId));
  }

  async #store(tabId: number, request: PlayerRequest, token = randomToken()): Promise<string> {
    await this.#area.set({ [keyOf(tabId)]: { token, request, frameId: null } });
    return token;
  }
}

function keyOf(tabId: number): string {
  return `player:${tabId}`;
}

function randomToken(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
}

/** Reading and binding a token must not interleave with another frame doing the same. */
async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  return navigator.locks.request('lodestream-player-tokens', work);
}
