import ipaddr from 'ipaddr.js';
import { notice, type Notice } from '@/src/protocol/notice';

/*
 * Which addresses that strangers wrote (in magnets, torrents and answers of trackers) this machine connects to. Refused, in this order:
 * 1. what is no address, or of a scheme that was not asked for;
 * 2. names and passwords in it: no stranger's business, and `fetch` throws on them;
 * 3. machines of the viewer's own network: private, loopback, link-local and other special address literals (the URL parser has already
 *    turned 0x7f.1 and 2130706433 into 127.0.0.1), `localhost`, `.local`, and names without a dot, which only a local resolver knows.
 * What the viewer typed or allowed is exempt from 3. Names that a resolver turns into private addresses are not seen here: no extension
 * can look a name up.
 */

export type AddressRefusal = 'not-usable' | 'has-credentials' | 'private';
export type AddressVerdict =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly refusal: AddressRefusal; readonly notice: Notice };

export interface AddressRules {
  /** As in `URL.protocol`, with the colon. */
  readonly protocols: readonly string[];
  /** Whether the viewer typed or allowed this host (`URL.host`, with the port). */
  isAllowed(host: string): boolean;
}

const LOCAL_SUFFIXES = ['localhost', 'local', 'internal', 'lan', 'home.arpa'];

export function judgeAddress(text: string, rules: AddressRules): AddressVerdict {
  const { protocols } = rules;
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol) || url.hostname === '') {
    return refuse('not-usable', notice('notAddress'));
  }
  if (url.username !== '' || url.password !== '') return refuse('has-credentials', notice('addressCredentials'));
  if (isPrivateHost(url.hostname) && !rules.isAllowed(url.host)) {
    return refuse('private', notice('addressPrivate'));
  }
  return { ok: true, url };
}

/** Whether the host part of an address names a machine of the viewer's own network. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  // Carrier-grade NAT, documentation, multicast and the ranges that embed an IPv4 address are no unicast either.
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() !== 'unicast';
  return !host.includes('.') || LOCAL_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
}

function refuse(refusal: AddressRefusal, said: Notice): AddressVerdict {
  return { ok: false, refusal, notice: said };
}
