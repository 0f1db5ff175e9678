export interface SignalingAddress {
  /** Scheme and host; `http` and `https`, which WebSocket addresses are mapped to. */
  readonly origin: string;
  /** What stands before every path of the server, without a slash at the end. */
  readonly basePath: string;
  /** Host and port, as people know the server. */
  readonly host: string;
}

const HTTP_PROTOCOLS: Readonly<Record<string, string>> = { 'http:': 'http:', 'https:': 'https:', 'ws:': 'http:', 'wss:': 'https:' };

/** Returns undefined for what no signaling server can be reached under. Name, password, query and fragment are not used. */
export function parseSignalingAddress(text: string): SignalingAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  const httpProtocol = HTTP_PROTOCOLS[protocol];
  if (httpProtocol === undefined || host === '') return undefined;
  return { origin: `${httpProtocol}//${host}`, basePath: pathname.replace(/\/+$/, ''), host };
}
