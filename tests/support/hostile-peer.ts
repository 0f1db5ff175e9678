import { createHash, randomBytes } from 'node:crypto';
import { silentLogger } from '@/src/base/logger';
import type { Dial } from '@/src/engine/dial';
import type { EngineOptions } from '@/src/engine/engine-options';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { randomResumeToken, Rendezvous } from '@/src/engine/rendezvous';
import { createNodeConnection } from '@/src/host/node-rtc';
import { systemClock } from '@/src/host/system-clock';
import { randomPeerId, type InfoHash, type OfferId, type PeerId } from '@/src/protocol/ids';
import {
  decodeBulk,
  decodeControl,
  encodeControl,
  PROTOCOL_VERSION,
  type BlockMessage,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import type { PushGrant } from '@/src/protocol/push-grant';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { PeerLink } from '@/src/transport/peer-link';
import { createSocketIoSignaling } from '@/src/transport/socket-io-signaling';

export interface HostilePeerOptions {
  readonly signalingUrl: string;
  readonly infoHash: InfoHash;
  /** Left out: real sockets, real WebRTC and the machine's time. */
  readonly engine?: EngineOptions;
  /** What goes with its offers (SPEC N1). */
  readonly grant?: PushGrant;
  /** A link to one more member of the swarm: nothing was sent on it yet. */
  onLink(connection: HostileConnection): void;
}

/** One raw link: the test says every frame itself. */
export interface HostileConnection {
  readonly peerId: PeerId;
  readonly link: PeerLink;
  /** What `hello` must say for the other side to go on (SPEC L4). */
  readonly ownId: PeerId;
  /** Sends a well-formed control frame. */
  readonly send: (message: ControlMessage) => void;
  /** Begins with a hello that is in order. */
  readonly hello: (metadataBytes: number) => void;
  /** Takes the link over; frames that came before wait for this. */
  listen(listeners: {
    onControl?(message: ControlMessage): void;
    onBlock?(block: BlockMessage): void;
    onClose?(reason: string): void;
  }): void;
}

export interface HostilePeer {
  readonly peerId: PeerId;
  /** Leaves the swarm and closes every link. */
  stop(): void;
}

/** Joins a swarm as any member does, by real signaling and real WebRTC, and leaves what it says there to the test. */
export function startHostilePeer(options: HostilePeerOptions): HostilePeer {
  const { signalingUrl, infoHash } = options;
  const abort = new AbortController();
  const { signal } = abort;
  const engine = options.engine ?? realEngineOptions();
  const ownId = randomPeerId(engine.randomBytes);
  const links = new Map<PeerId, PeerLink>();
  const meeting = new Rendezvous({
    engine,
    limits: DEFAULT_LIMITS,
    infoHash,
    swarmId: swarmIdOf(infoHash),
    ownId,
    resumeToken: randomResumeToken(engine),
    client: engine.createSignaling(signalingUrl, signal),
    replayGuard: new ReplayGuard(() => engine.clock.now()),
    signal,
    rtcConfiguration: () => ({ iceServers: [] }),
    allowLocalPeers: true,
    dials: new Map<OfferId, Dial>(),
    wanted: () => DEFAULT_LIMITS.peersPerSession - links.size,
    isTaken: (peer) => links.has(peer),
    takenPeers: () => [...links.keys()],
    pushGrant: () => options.grant,
    onLink(peerId, link) {
      links.set(peerId, link);
      const send = (message: ControlMessage): void => link.send('control', encodeControl(message));
      options.onLink({
        peerId,
        link,
        ownId,
        send,
        hello: (metadataBytes) => send({ type: 'hello', version: PROTOCOL_VERSION, peerId: ownId, metadataBytes }),
        listen: (listeners) =>
          link.receive({
            onFrame(channel, frame) {
              const message = channel === 'control' ? decodeControl(frame) : undefined;
              if (message !== undefined) listeners.onControl?.(message);
              const block = channel === 'bulk' ? decodeBulk(frame) : undefined;
              if (block !== undefined) listeners.onBlock?.(block);
            },
            onDrain() {},
            onClose(reason) {
              links.delete(peerId);
              listeners.onClose?.(reason);
              // It comes back for as long as anybody lets it.
              if (!signal.aborted) meeting.seekSoon();
            },
          }),
      });
    },
    onStatus() {},
    onAsked() {},
  });
  return {
    peerId: ownId,
    stop() {
      for (const link of links.values()) link.close('the test is over');
      abort.abort();
    },
  };
}

function realEngineOptions(): EngineOptions {
  return {
    store: createMemoryChunkStore(),
    createConnection: createNodeConnection,
    createSignaling: (url, signal) => createSocketIoSignaling({ url, signal }),
    clock: systemClock,
    random: Math.random,
    randomBytes: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
    logger: silentLogger,
  };
}
