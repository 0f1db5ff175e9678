import { isPrivateServer } from './candidate-filter';
import { notice, type Notice } from '@/src/protocol/notice';

export type TrackerAddressCheck =
  | { readonly ok: true; readonly url: string; readonly host: string }
  | { readonly ok: false; readonly reason: Notice };

/**
 * Where a tracker may be. Addresses in links are strangers' words: they must not make this machine knock at doors of its own network.
 * Names that lead to private addresses cannot be told apart from here.
 *
 * @param typedByViewer exempt: whoever types an address means it
 */
export function checkTrackerAddress(text: string, typedByViewer: boolean): TrackerAddressCheck {
  if (!URL.canParse(text)) return { ok: false, reason: notice('notAddress') };
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    return { ok: false, reason: notice('trackerScheme') };
  }
  // A fragment or a password is refused by the browser with an exception.
  url.hash = '';
  url.username = '';
  url.password = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  if (!typedByViewer && isPrivateServer(url.href)) {
    return { ok: false, reason: notice('trackerPrivate') };
  }
  return { ok: true, url: url.href, host: url.host };
}
