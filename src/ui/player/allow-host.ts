import { browser } from 'wxt/browser';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { webSeedHost } from '@/src/ui/state/peer-search';

/**
 * Asks the viewer to let the extension read from a web seed's host, where pages of other sites may not. Has to be called in the click
 * itself: browsers ask nobody who did not act.
 * @returns the sentence to show when it is not allowed
 */
export async function allowHost(url: string): Promise<string | undefined> {
  const target = webSeedHost(url);
  if (target === undefined) return 'This web seed has no address that can be allowed.';
  try {
    const granted = await browser.permissions.request({ origins: [target.originPattern] });
    return granted ? undefined : `Nothing was changed: ${target.host} stays closed to Lodestream.`;
  } catch {
    return `The browser would not ask. Allow ${target.host} for Lodestream on the browser’s extensions page, and try again.`;
  }
}

/** The viewer named this address: if it is one of the own network, the extension's requests to it are blocked until then. */
export async function letThrough(url: string): Promise<void> {
  await backgroundMessaging.sendMessage('allowAddress', { url });
}
