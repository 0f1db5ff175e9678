import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import * as v from 'valibot';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { open, type SealContext } from '@/src/protocol/seal';
import { announceSchema, directedSchema, type RelayKind } from '@/src/protocol/signaling-events';

/** `42` and perhaps a number, then `["event",payload]`: an event of Socket.IO inside a message of Engine.IO. */
const EVENT = /^42\d*(\[.*)$/s;

export interface RecordingRelay {
  /** To enter as the signaling server's address. */
  readonly url: string;
  /** What clients sent through it so far, opened with the film's info hash. */
  opened(infoHash: InfoHash): readonly SentMessage[];
  close(): Promise<void>;
}

export interface SentMessage {
  readonly kind: RelayKind;
  readonly text: string;
}

/** Stands between a client and the signaling server and keeps what the client says, as a curious server could. */
export async function startRecordingRelay(signalingUrl: string): Promise<RecordingRelay> {
  const sent: string[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (client, { url = '/' }) => {
    const upstream = new WebSocket(new URL(url, signalingUrl.replace(/^http/, 'ws')));
    const early: string[] = [];
    client.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      sent.push(text);
      if (upstream.readyState === WebSocket.OPEN) upstream.send(text);
      else early.push(text);
    });
    upstream.on('open', () => early.forEach((text) => upstream.send(text)));
    upstream.on('message', (data: Buffer) => client.send(data.toString('utf8')));
    upstream.on('close', () => client.close());
    upstream.on('error', () => client.close());
    client.on('close', () => upstream.close());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    opened: (infoHash) => openAll(sent, infoHash),
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @throws when there is a message that cannot be opened */
function openAll(frames: readonly string[], infoHash: InfoHash): SentMessage[] {
  let from: PeerId | undefined;
  return frames.flatMap((frame): SentMessage[] => {
    const [, json] = EVENT.exec(frame) ?? [];
    if (json === undefined) return [];
    const [event, payload] = v.parse(v.tuple([v.string(), v.unknown()]), JSON.parse(json));
    if (event === 'announce') {
      const { peerId, swarmId, offers } = v.parse(announceSchema, payload);
      from = peerId;
      return offers.map(({ offerId, sealed }) => ({
        kind: 'offer',
        text: readSealed({ infoHash, swarmId, kind: 'offer', from: peerId, offerId }, sealed),
      }));
    }
    if (event === 'offer' || event === 'answer' || event === 'ice-candidate') {
      const { to, swarmId, offerId, sealed } = v.parse(directedSchema, payload);
      if (from === undefined) throw new Error('a message before the announce');
      return [{ kind: event, text: readSealed({ infoHash, swarmId, kind: event, from, offerId, to }, sealed) }];
    }
    return [];
  });
}

function readSealed(context: SealContext, sealed: string): string {
  const text = open(context, sealed, new ReplayGuard(() => 0));
  if (text === undefined) throw new Error(`${context.kind} cannot be opened`);
  return text;
}
