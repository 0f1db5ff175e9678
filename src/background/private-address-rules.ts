/*
 * Rules that stop this extension's own requests into the viewer's network before they leave the browser, whoever in it makes them: the
 * content script that matches all pages also lifts CORS for the extension's pages (tried in Chromium 156), so they could read what they
 * reach. The engine judges addresses itself first (src/transport/stranger-address.ts); this holds where it is mistaken, and for redirects.
 * What a resolver turns into a private address is seen by neither.
 */

type Rule = chrome.declarativeNetRequest.Rule;

const SCHEME = '^(?:https?|wss?)://';
/** Special-purpose blocks of IPv4 (IANA registry). URLs carry the dotted form by the time rules see them. */
const PRIVATE_IPV4 = [
  String.raw`(?:0|10|127|22[4-9]|2[3-5]\d)\.\d+\.\d+\.\d+[:/]`,
  String.raw`(?:169\.254|192\.168|198\.1[89]|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+[:/]`,
  String.raw`(?:100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+|192\.0\.[02]|192\.88\.99|198\.51\.100|203\.0\.113)\.\d+[:/]`,
];
/** Of IPv6 only 2000::/3 is public, and of that not Teredo, documentation and 6to4. */
const PRIVATE_IPV6 = [String.raw`\[(?:[^23]|[23][0-9a-f]{0,2}:)`, String.raw`\[(?:2001:(?:0?:|db8:)|2002:)`];
/** A name without a dot is known to a local resolver only. */
const LONE_NAME = String.raw`[^./:\[\]@]+[:/]`;
export const PRIVATE_PATTERNS: readonly string[] = [...PRIVATE_IPV4, ...PRIVATE_IPV6, LONE_NAME].map((pattern) => SCHEME + pattern);
export const PRIVATE_DOMAINS: readonly string[] = ['localhost', 'local', 'internal', 'lan', 'home.arpa'];

const BLOCK_PRIORITY = 1;
const ALLOW_PRIORITY = 2;
const MAX_ALLOWED = 200;

/**
 * @param allowed addresses the viewer typed or allowed: their host and port stay reachable, by HTTP and WebSocket
 */
export function privateAddressRules(extensionId: string, allowed: readonly string[]): Rule[] {
  const conditions = [...PRIVATE_PATTERNS.map((regexFilter) => ({ regexFilter })), { requestDomains: [...PRIVATE_DOMAINS] }];
  const blocks = conditions.map((condition) => ({ priority: BLOCK_PRIORITY, action: { type: 'block' as const }, condition }));
  const allows = allowedPrefixes(allowed).map((prefix) => ({
    priority: ALLOW_PRIORITY,
    action: { type: 'allow' as const },
    condition: { urlFilter: `|${prefix}` },
  }));
  return [...blocks, ...allows].map((rule, index) => ({
    ...rule,
    id: index + 1,
    condition: { ...rule.condition, initiatorDomains: [extensionId] },
  }));
}

const SCHEMES_BESIDE: Readonly<Record<string, readonly string[]>> = {
  'http:': ['http:', 'ws:'],
  'ws:': ['http:', 'ws:'],
  'https:': ['https:', 'wss:'],
  'wss:': ['https:', 'wss:'],
  'peerjs:': ['ws:'],
  'peerjss:': ['wss:'],
};

/** A signaling server is asked over HTTP and WebSocket at one address. */
function allowedPrefixes(addresses: readonly string[]): readonly string[] {
  const prefixes = addresses.flatMap((address) => {
    const url = URL.parse(address);
    return url === null ? [] : (SCHEMES_BESIDE[url.protocol] ?? []).map((scheme) => `${scheme}//${url.host}/`);
  });
  return [...new Set(prefixes)].slice(0, MAX_ALLOWED);
}
