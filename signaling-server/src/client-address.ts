import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * What a client is counted under: its IPv4 address, or the /64 network of its IPv6 address, since one subscriber owns all of that.
 * `trustedProxies` reverse proxies of the operator each append the address they saw to X-Forwarded-For; what stands further left is the
 * client's own claim.
 */
export function clientAddressKey(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return addressKey(direct);
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  return addressKey(forwarded.at(-trustedProxies)?.trim() || direct);
}

function addressKey(text: string): string {
  if (!ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6 ? `${address.parts.slice(0, 4).join(':')}/64` : address.toString();
}
