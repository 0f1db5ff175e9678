import ipaddr from 'ipaddr.js';

/*
 * Which addresses leave the machine, and which of other peers' are tried (SPEC G6, G7). Extension pages get raw host addresses from
 * Chromium where ordinary pages get mDNS names, so this is the only thing between a viewer's LAN address and strangers.
 */

const MAX_CANDIDATE_CHARS = 500;
/** RFC 8839 section 5.1: foundation component transport priority address port "typ" type … One line of plain ASCII. */
const CANDIDATE = /^(?:a=)?candidate:[!-~]+ \d+ [!-~]+ \d+ ([!-~]+) \d+ typ (host|srflx|prflx|relay)(?: [ -~]*)?$/;
/** Parsers differ in what ends a line: whatever might is taken to. */
const LINE_ENDS = /[\r\n\u2028\u2029]+/;
const ADDRESS_ATTRIBUTES = /^\s*a=(?:candidate|end-of-candidates|remote-candidates|rtcp:)/i;

const PRIVATE_NETWORKS: ReadonlySet<string> = new Set([
  'unspecified',
  'loopback',
  'private',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** Networks as above, and ranges that nobody on the internet has. 6to4, Teredo and NAT64 addresses lead to public machines. */
const NOT_PUBLIC: ReadonlySet<string> = new Set([...PRIVATE_NETWORKS, 'reserved']);

/**
 * The candidate as it may be sent, or undefined when it must stay here. The related address (a LAN address, too) is blanked.
 * @param relayOnly nothing leaves but addresses of relays (SPEC G11)
 */
export function outgoingCandidate(candidate: string, allowHost: boolean, relayOnly = false): string | undefined {
  const parsed = parse(candidate);
  if (parsed === undefined) return undefined;
  if (relayOnly && parsed.type !== 'relay') return undefined;
  if (!mayLeave(parsed, allowHost)) return undefined;
  return candidate.replaceAll(/ raddr \S+/g, ' raddr 0.0.0.0').replaceAll(/ rport \d+/g, ' rport 0');
}

function mayLeave({ type, address }: ParsedCandidate, allowHost: boolean): boolean {
  if (type === 'host') return allowHost || isMdnsName(address);
  // A STUN server inside the private network sees addresses of it.
  return allowHost || !isPrivateHost(address);
}

/**
 * Whether another peer's candidate may be tried. Names other than mDNS ones are not: the look-up alone would tell their owner who asks,
 * and the answer could be any private address.
 * @param relayOnly mDNS names are not looked up: that would be asked of the network around, and no relay could reach what they stand for
 */
export function acceptsCandidate(candidate: string, allowHost: boolean, relayOnly = false): boolean {
  const parsed = parse(candidate);
  if (parsed === undefined) return false;
  if (isMdnsName(parsed.address)) return !relayOnly;
  return ipaddr.isValid(parsed.address) && (allowHost || !isPrivateHost(parsed.address));
}

/** A description without any address: candidates trickle, each through the filter, and the default destination is blanked (RFC 8840 section 4.1.1). */
export function withoutAddresses(sdp: string): string {
  return sdp
    .split(LINE_ENDS)
    .filter((line) => line !== '' && !ADDRESS_ATTRIBUTES.test(line))
    .map((line) => `${blankAddress(line)}\r\n`)
    .join('');
}

function blankAddress(line: string): string {
  if (line.startsWith('c=')) return 'c=IN IP4 0.0.0.0';
  if (line.startsWith('o=')) return line.replace(/ IN .*$/, ' IN IP4 127.0.0.1');
  return line.replace(/^(m=application) \d+/, '$1 9');
}

/** Whether the signaling server at this address is on this machine or a private network. */
export function isPrivateServer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replaceAll(/^\[|\]$/g, '');
  if (isLocalName(host)) return true;
  // Named one by one: 6to4, Teredo and NAT64 addresses are special, and yet lead to public servers.
  return ipaddr.isValid(host) && PRIVATE_NETWORKS.has(ipaddr.process(host).range());
}

/** Whether only machines of this one or of its private network have such an address. */
export function isPrivateAddress(address: string): boolean {
  return ipaddr.isValid(address) && NOT_PUBLIC.has(ipaddr.process(address).range());
}

function isPrivateHost(host: string): boolean {
  return isLocalName(host) || (ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast');
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function isMdnsName(address: string): boolean {
  return /^[\w-]{1,63}\.local$/i.test(address);
}

interface ParsedCandidate {
  readonly address: string;
  readonly type: string;
}

function parse(candidate: string): ParsedCandidate | undefined {
  if (candidate.length > MAX_CANDIDATE_CHARS) return undefined;
  const [, address, type] = CANDIDATE.exec(candidate) ?? [];
  return address === undefined || type === undefined ? undefined : { address, type };
}
