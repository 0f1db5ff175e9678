import { browser } from 'wxt/browser';
import type { PlayerRequest } from '@/src/messaging/background-messages';
import type { PlayerTokens } from './player-tokens';

/** For pages that cannot host the player's frame. */
export async function openPlayerTab(tokens: PlayerTokens, request: PlayerRequest): Promise<void> {
  await tokens.registerOpened(request, async (token) => (await browser.tabs.create({ url: playerUrl(token) })).id);
}

export async function openWelcome(): Promise<void> {
  await browser.tabs.create({ url: ownUrl('/welcome.html') });
}

export function playerUrl(token: string): string {
  return `${ownUrl('/player.html')}#${token}`;
}

export function ownUrl(path: string): string {
  return new URL(path, location.origin).href;
}
