import ipaddr from 'ipaddr.js';

/*
 * Which addresses leave the machine, and which of other peers' are tried (SPEC G6, G7). Extension pages get raw host addresses from
 * Chromium where ordinary pages get mDNS names, so this is the only thing between a viewer's LAN address and strangers.
 */

const MAX_CANDIDATE_CHARS = 500;
/** RFC 8839 section 5.1: foundation component transport priority address port "typ" type … */
const CANDIDATE = /^(?:a=)?candidate:\S+ \d+ \S+ \d+ (\S+) \d+ typ (host|srflx|prflx|relay)\b/;

/** The candidate as it may be sent, or undefined when it must stay here. The related address (a LAN address, too) is blanked. */
export function outgoingCandidate(candidate: string, allowHost: boolean): string | undefined {
  const parsed = parse(candidate);
  if (parsed === undefined) return undefined;
  if (parsed.type === 'host') return allowHost || isMdnsName(parsed.address) ? candidate : undefined;
  return candidate.replace(/ raddr \S+/, ' raddr 0.0.0.0').replace(/ rport \d+/, ' rport 0');
}

/** Whether another peer's candidate may be tried. */
export function acceptsCandidate(candidate: string, allowHost: boolean): boolean {
  const parsed = parse(candidate);
  if (parsed === undefined) return false;
  return allowHost || isMdnsName(parsed.address) || !isPrivateHost(parsed.address);
}

/** A description without any address: candidates trickle, each through the filter, and the default destination is blanked (RFC 8840 section 4.1.1). */
export function withoutAddresses(sdp: string): string {
  return sdp
    .replaceAll(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '')
    .replaceAll(/^(m=application) \d+/gm, '$1 9')
    .replaceAll(/^c=IN .*?(\r?)$/gm, 'c=IN IP4 0.0.0.0$1')
    .replaceAll(/^(o=\S+ \S+ \S+) IN .*?(\r?)$/gm, '$1 IN IP4 127.0.0.1$2');
}

/** Whether the signaling server at this address is on this machine or a private network. */
export function isPrivateServer(url: string): boolean {
  return URL.canParse(url) && isPrivateHost(new URL(url).hostname.replaceAll(/^\[|\]$/g, ''));
}

function isPrivateHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast';
}

function isMdnsName(address: string): boolean {
  return /^[\w-]{1,63}\.local$/i.test(address);
}

function parse(candidate: string): { address: string; type: string } | undefined {
  if (candidate.length > MAX_CANDIDATE_CHARS) return undefined;
  const [, address, type] = CANDIDATE.exec(candidate) ?? [];
  return address === undefined || type === undefined ? undefined : { address, type };
}
