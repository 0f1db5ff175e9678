import { WEB_SOCKET_PATH } from '@/src/protocol/web-socket-frames';

export interface SignalingAddress {
  readonly protocol: SignalingProtocol;
  /** Scheme and host; `http` and `https`, which the other schemes are mapped to. */
  readonly origin: string;
  /** What stands before every path of the server, without a slash at the end. */
  readonly basePath: string;
  /** Host and port, as people know the server. */
  readonly host: string;
}

export type SignalingProtocol = 'socket.io' | 'web-socket' | 'peer-server';

const HTTP_PROTOCOLS: Readonly<Record<string, string>> = {
  'http:': 'http:',
  'https:': 'https:',
  'ws:': 'http:',
  'wss:': 'https:',
  'peerjs:': 'http:',
  'peerjss:': 'https:',
};

/**
 * The address says how the server is spoken to: `wss://host/ws` (any path that ends so) by plain WebSocket, everything else by Socket.IO:
 * `https://host`, and `wss://host` without that path, which is another way to write it. `peerjs://host/path` (`peerjss` with TLS) is a
 * PeerServer, for development.
 * Returns undefined for what no signaling server can be reached under. Name, password, query and fragment are not used.
 */
export function parseSignalingAddress(text: string): SignalingAddress | undefined {
  const url = URL.parse(text);
  const httpProtocol = HTTP_PROTOCOLS[url?.protocol ?? ''];
  if (url === null || httpProtocol === undefined || url.host === '') return undefined;
  const origin = `${httpProtocol}//${url.host}`;
  const path = withoutEndSlash(url.pathname);
  if (url.protocol.startsWith('peerjs')) return { protocol: 'peer-server', origin, basePath: path, host: url.host };
  const isPlain = url.protocol.startsWith('ws') && path.endsWith(WEB_SOCKET_PATH);
  return isPlain
    ? { protocol: 'web-socket', origin, basePath: withoutEndSlash(path.slice(0, -WEB_SOCKET_PATH.length)), host: url.host }
    : { protocol: 'socket.io', origin, basePath: path, host: url.host };
}

function withoutEndSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
