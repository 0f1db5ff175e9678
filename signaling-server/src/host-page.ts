/** What the page at `/` says. */
export interface HostPageFacts {
  /** As people reach it, without a slash at the end. */
  readonly publicUrl: string;
  readonly isPrivate: boolean;
  readonly connections: number;
  readonly swarms: number;
}

/** Nothing but what is written here: no script, no image, no other host. */
export const HOST_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page for people who open the server's address: that it works, and what to paste where. */
export function hostPage({ publicUrl, isPrivate, connections, swarms }: HostPageFacts): string {
  const socketUrl = publicUrl.replace(/^http/, 'ws');
  const token = isPrivate ? '<p>This server is private: the extension also asks for an access token, which its host gives out.</p>' : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Lodestream signaling server</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
dt { font-weight: 600; margin-top: 1rem; }
dd { margin: 0; }
code { font: 0.95em ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
</style>
</head>
<body>
<main>
<h1>Lodestream signaling server</h1>
<p>It works. It introduces peers to each other and carries no films: ${count(connections, 'client')} in ${count(swarms, 'swarm')} just now.</p>
${token}
<dl>
<dt>For the Lodestream extension (options, signaling servers)</dt>
<dd><code>${escape(publicUrl)}</code></dd>
<dt>The same over plain WebSocket</dt>
<dd><code>${escape(socketUrl)}/ws</code></dd>
<dt>As a tracker, for Lodestream and WebTorrent</dt>
<dd><code>${escape(socketUrl)}/announce</code></dd>
</dl>
<p>Whoever connects shows this server its IP address. The server sees neither titles nor info hashes of films that come by the Lodestream
swarm; as a tracker it sees their info hashes.</p>
</main>
</body>
</html>
`;
}

function count(many: number, of: string): string {
  return `${many} ${of}${many === 1 ? '' : 's'}`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
