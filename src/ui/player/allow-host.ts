import { browser } from 'wxt/browser';
import { backgroundMessaging } from '@/src/messaging/background-messages';
import { i18n } from '@/src/ui/state/i18n';
import { webSeedHost } from '@/src/ui/state/peer-search';

/**
 * Asks the viewer to let the extension read from a web seed's host, where pages of other sites may not. Has to be called in the click
 * itself: browsers ask nobody who did not act.
 * @returns the sentence to show when it is not allowed
 */
export async function allowHost(url: string): Promise<string | undefined> {
  const target = webSeedHost(url);
  if (target === undefined) return i18n.t('player.webSeed.noAddress');
  try {
    const granted = await browser.permissions.request({ origins: [target.originPattern] });
    return granted ? undefined : i18n.t('player.webSeed.notAllowed', { host: target.host });
  } catch {
    return i18n.t('player.webSeed.notAsked', { host: target.host });
  }
}

/** The viewer named this address: if it is one of the own network, the extension's requests to it are blocked until then. */
export async function letThrough(url: string): Promise<void> {
  await backgroundMessaging.sendMessage('allowAddress', { url });
}
