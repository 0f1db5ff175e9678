import { createHash } from 'node:crypto';

/** What one client is to the server, and in which swarm it meets its partner. */
export interface Identity {
  /** 40 hex digits each. */
  readonly peerId: string;
  readonly partnerId: string;
  readonly swarmId: string;
}

export type Heard = { readonly kind: 'offer' | 'answer'; readonly offerId: string } | { readonly kind: 'ready' } | undefined;

/** How one kind of server is spoken to, in text frames of a WebSocket. */
export interface Dialect {
  path(identity: Identity): string;
  /** Frames that bring a client into its swarm, each sent once `ready` was heard of the one before; the first at once. */
  readonly entrance: readonly ((identity: Identity) => string)[];
  /** Where the server speaks first, what it says is a `ready`. */
  readonly isGreeted: boolean;
  offer(identity: Identity, offerId: string): string;
  answer(identity: Identity, offerId: string): string;
  hear(text: string): Heard;
  /** What has to be said for each `text` heard, such as a heartbeat. */
  reply?(text: string): string | undefined;
}

/** As long as a session description of a data channel is, sealed or not. */
const PAYLOAD = 'x'.repeat(1800);

function binary(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

function announceOf({ swarmId, peerId }: Identity): object {
  return { swarmId, peerId, resumeToken: createHash('sha256').update(peerId).digest('hex'), want: 0 };
}

function directed({ partnerId, swarmId }: Identity, offerId: string): object {
  return { to: partnerId, swarmId, offerId, sealed: PAYLOAD };
}

const OFFER_ID = /"offerId":"([0-9a-f]{40})"/;

function heardEvent(text: string, isAnswer: boolean): Heard {
  const offerId = OFFER_ID.exec(text)?.[1] ?? '';
  return { kind: isAnswer ? 'answer' : 'offer', offerId };
}

const oursByWebSocket: Dialect = {
  path: () => '/ws',
  isGreeted: false,
  entrance: [(identity) => JSON.stringify({ type: 'announce', id: 0, payload: announceOf(identity) })],
  // Without acknowledgements, which the bare relay does not give.
  offer: (identity, offerId) => JSON.stringify({ type: 'offer', payload: directed(identity, offerId) }),
  answer: (identity, offerId) => JSON.stringify({ type: 'answer', payload: directed(identity, offerId) }),
  hear(text) {
    if (text.startsWith('{"type":"ack","id":0')) return { kind: 'ready' };
    if (text.startsWith('{"type":"offer"')) return heardEvent(text, false);
    return text.startsWith('{"type":"answer"') ? heardEvent(text, true) : undefined;
  },
};

const SOCKET_IO_PATH = '/socket.io/?EIO=4&transport=websocket';

/** Of the protocol: `0{…}` greets, `40` enters, `40{…}` lets in, `42` is an event, `43` an acknowledgement, `2` a ping. */
function socketIo(join: Dialect['entrance'][number], offer: Dialect['offer'], answer: Dialect['answer']): Dialect {
  return {
    path: () => SOCKET_IO_PATH,
    isGreeted: true,
    entrance: [() => '40', join],
    offer,
    answer,
    hear(text) {
      if (text.startsWith('0') || text.startsWith('40') || text.startsWith('430[')) return { kind: 'ready' };
      if (text.startsWith('42["offer"')) return heardEvent(text, false);
      return text.startsWith('42["answer"') ? heardEvent(text, true) : undefined;
    },
    reply: (text) => (text === '2' ? '3' : undefined),
  };
}

const oursBySocketIo = socketIo(
  (identity) => `420${JSON.stringify(['announce', announceOf(identity)])}`,
  (identity, offerId) => `421${JSON.stringify(['offer', directed(identity, offerId)])}`,
  (identity, offerId) => `421${JSON.stringify(['answer', directed(identity, offerId)])}`,
);

const bareSocketIo = socketIo(
  ({ peerId }) => `420${JSON.stringify(['join', peerId])}`,
  (identity, offerId) => `421${JSON.stringify(['offer', directed(identity, offerId)])}`,
  (identity, offerId) => `421${JSON.stringify(['answer', directed(identity, offerId)])}`,
);

const bareWs: Dialect = {
  path: () => '/',
  isGreeted: false,
  entrance: [({ peerId }) => JSON.stringify({ join: peerId })],
  offer: (identity, offerId) => JSON.stringify({ type: 'offer', ...directed(identity, offerId) }),
  answer: (identity, offerId) => JSON.stringify({ type: 'answer', ...directed(identity, offerId) }),
  hear(text) {
    if (text.startsWith('{"joined"')) return { kind: 'ready' };
    return heardEvent(text, text.startsWith('{"type":"answer"'));
  },
};

function trackerAnnounce({ swarmId, peerId }: Identity, offerIds: readonly string[]): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: binary(swarmId),
    peer_id: binary(peerId),
    numwant: offerIds.length,
    left: 1,
    offers: offerIds.map((offerId) => ({ offer_id: binary(offerId), offer: { type: 'offer', sdp: PAYLOAD } })),
  });
}

/** Offers ride on announces; the partner is the only other member of the swarm. */
function tracker(path: string): Dialect {
  return {
    path: () => path,
    isGreeted: false,
    entrance: [(identity) => trackerAnnounce(identity, [])],
    offer: (identity, offerId) => trackerAnnounce(identity, [offerId]),
    answer: ({ swarmId, peerId, partnerId }, offerId) =>
      JSON.stringify({
        action: 'announce',
        info_hash: binary(swarmId),
        peer_id: binary(peerId),
        to_peer_id: binary(partnerId),
        offer_id: binary(offerId),
        answer: { type: 'answer', sdp: PAYLOAD },
      }),
    hear(text) {
      const message = JSON.parse(text) as { readonly offer?: object; readonly answer?: object; readonly offer_id?: string };
      if (message.offer_id === undefined) return { kind: 'ready' };
      return { kind: message.answer === undefined ? 'offer' : 'answer', offerId: hexOf(message.offer_id) };
    },
  };
}

const peerServer: Dialect = {
  path: ({ peerId }) => `/peerjs?key=peerjs&id=${peerId}&token=${peerId}&version=1.5.5`,
  isGreeted: true,
  entrance: [],
  offer: ({ partnerId }, offerId) => JSON.stringify({ type: 'OFFER', dst: partnerId, payload: { offerId, sealed: PAYLOAD } }),
  answer: ({ partnerId }, offerId) => JSON.stringify({ type: 'ANSWER', dst: partnerId, payload: { offerId, sealed: PAYLOAD } }),
  hear(text) {
    if (text.startsWith('{"type":"OPEN"')) return { kind: 'ready' };
    if (text.startsWith('{"type":"OFFER"')) return heardEvent(text, false);
    return text.startsWith('{"type":"ANSWER"') ? heardEvent(text, true) : undefined;
  },
};

const OURS = 'signaling-server/src/main.ts';

export const BENCHED_SERVERS = {
  'ours-socketio': { script: OURS, dialect: oursBySocketIo, against: 'socketio' },
  socketio: { script: 'tests/signaling-bench/servers/bare-socket-io.ts', dialect: bareSocketIo, against: undefined },
  'ours-ws': { script: OURS, dialect: oursByWebSocket, against: 'ws' },
  ws: { script: 'tests/signaling-bench/servers/bare-ws.ts', dialect: bareWs, against: undefined },
  'ours-tracker': { script: OURS, dialect: tracker('/announce'), against: 'bittorrent-tracker' },
  'bittorrent-tracker': { script: 'tests/signaling-bench/servers/bittorrent-tracker.ts', dialect: tracker('/'), against: undefined },
  /** Each pair with a client at either node, Redis between them. */
  'ours-ws-two-nodes': { script: OURS, dialect: oursByWebSocket, against: 'ours-ws' },
  peer: { script: 'tests/signaling-bench/servers/peer.ts', dialect: peerServer, against: undefined },
} as const satisfies Record<string, { script: string; dialect: Dialect; against: string | undefined }>;

export type BenchedServerName = keyof typeof BENCHED_SERVERS;
export const BENCHED_SERVER_NAMES = Object.keys(BENCHED_SERVERS) as readonly BenchedServerName[];
