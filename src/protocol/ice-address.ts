/** What RTCPeerConnection takes without throwing (RFC 7064, RFC 7065): one bad address would cost every connection. */
const ICE_ADDRESS = /^(?:stuns?:(?<stun>[^?]+)|turns?:(?<turn>[^?]+)(?:\?transport=(?:udp|tcp))?)$/;
const HOST_AND_PORT = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/i;

/** `stun:host:port` or `turn:host:port`, with what may follow. */
export function isIceAddress(text: string): boolean {
  const { stun, turn } = ICE_ADDRESS.exec(text)?.groups ?? {};
  const match = HOST_AND_PORT.exec(stun ?? turn ?? '');
  const port = match?.groups?.['port'];
  return match !== null && (port === undefined || (Number(port) > 0 && Number(port) < 65_536));
}

export function isTurnAddress(text: string): boolean {
  return /^turns?:/.test(text) && isIceAddress(text);
}
