import { toHex } from '@/src/base/bytes';
import type { IceServer, ServerProtocol, ServerTest, ServerTestRequest } from '@/src/protocol/engine-api';
import { ID_BYTES, randomPeerId, type SwarmId } from '@/src/protocol/ids';
import { parseSignalingAddress, type SignalingProtocol } from '@/src/transport/signaling-address';
import type { SignalingStatus } from '@/src/transport/signaling-client';
import { SwarmTracker } from '@/src/transport/swarm-tracker';
import type { EngineOptions } from './engine-options';
import { randomResumeToken } from './rendezvous';
import { NoticeError, notice, type Notice } from '@/src/protocol/notice';

const TIMEOUT_MS = 12_000;
const PROTOCOLS: Readonly<Record<SignalingProtocol, ServerProtocol>> = {
  'socket.io': 'Socket.IO',
  'web-socket': 'WebSocket',
  'peer-server': 'PeerServer',
};

/** Asks a server as a session would, of a swarm that does not exist: nothing is told of any film. Never rejects. */
export async function testServer(engine: EngineOptions, request: ServerTestRequest): Promise<ServerTest> {
  const abort = new AbortController();
  try {
    switch (request.kind) {
      case 'signaling':
        return await testSignaling(engine, request.url, request.token, abort.signal);
      case 'tracker':
        return await testTracker(engine, request.url, abort.signal);
      case 'ice':
        return await testIceServer(engine, request.server, abort.signal);
    }
  } catch (error) {
    return { ok: false, reason: error instanceof NoticeError ? error.notice : notice('testFailed') };
  } finally {
    abort.abort();
  }
}

async function testSignaling(engine: EngineOptions, url: string, token: string | undefined, signal: AbortSignal): Promise<ServerTest> {
  const { clock } = engine;
  const protocol = PROTOCOLS[parseSignalingAddress(url)?.protocol ?? 'socket.io'];
  const swarmId = nobodysSwarm(engine);
  const startedAtMs = clock.now();
  const client = engine.createSignaling(url, signal, token);
  const status = await within(engine, (settle) => {
    client.listen(swarmId, { onStatus: settle, onRelayed: () => undefined, onPeerLeft: () => undefined }, signal);
    client.connect();
    settle(client.status);
  });
  if (status?.kind !== 'connected') return refused(status);
  const connectedAtMs = clock.now();
  await client.announce({ swarmId, peerId: randomPeerId(engine.randomBytes), resumeToken: randomResumeToken(engine), want: 0 });
  const roundTripMs = clock.now() - connectedAtMs;
  client.leave(swarmId);
  const connectMs = connectedAtMs - startedAtMs;
  // A PeerServer answers nothing by itself.
  return protocol === PROTOCOLS['peer-server'] ? { ok: true, protocol, connectMs } : { ok: true, protocol, connectMs, roundTripMs };
}

async function testTracker(engine: EngineOptions, url: string, signal: AbortSignal): Promise<ServerTest> {
  const { clock } = engine;
  const startedAtMs = clock.now();
  const status = await within(engine, (settle) => {
    const tracker = new SwarmTracker({
      url,
      typedByViewer: true,
      swarmId: nobodysSwarm(engine),
      peerId: randomPeerId(engine.randomBytes),
      signal,
      clock,
      random: () => engine.random(),
      prepareOffers: async () => [],
      onUntaken: () => undefined,
      isSettled: () => false,
      onOffer: () => undefined,
      onAnswer: () => undefined,
      onStatus: () => settle(tracker.status),
    });
    settle(tracker.status);
  });
  return status?.kind === 'connected' ? { ok: true, protocol: 'WebTorrent', connectMs: clock.now() - startedAtMs } : refused(status);
}

/** A connection of its own gathers candidates from this server alone. */
async function testIceServer(engine: EngineOptions, server: IceServer, signal: AbortSignal): Promise<ServerTest> {
  const isTurn = /^turns?:/.test(server.urls);
  const protocol = isTurn ? 'TURN' : 'STUN';
  const startedAtMs = engine.clock.now();
  const connection = engine.createConnection({ iceServers: [{ ...server }], iceTransportPolicy: isTurn ? 'relay' : 'all' });
  signal.addEventListener('abort', () => connection.close(), { once: true });
  const errors: Notice[] = [];
  const gathered = Promise.withResolvers<boolean>();
  const cancel = engine.clock.after(TIMEOUT_MS, () => gathered.resolve(false));
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null && / typ (?:srflx|relay)\b/.test(candidate.candidate)) gathered.resolve(true);
  });
  connection.addEventListener('icecandidateerror', ({ errorCode, errorText }) => errors.push(iceErrorNotice(errorCode, errorText)));
  connection.addEventListener('icegatheringstatechange', () => {
    // A machine without a NAT learns nothing new from a STUN server, which is told as nothing.
    if (connection.iceGatheringState === 'complete') gathered.resolve(!isTurn && errors.length === 0);
  });
  connection.createDataChannel('');
  await connection.setLocalDescription(await connection.createOffer());
  const ok = await gathered.promise;
  cancel();
  if (ok) return { ok: true, protocol, connectMs: engine.clock.now() - startedAtMs };
  return { ok: false, reason: errors.at(-1) ?? notice('testNoServer', { protocol }) };
}

function iceErrorNotice(code: number, text: string): Notice {
  if (code === 401) return notice('testCredentials');
  // RFC 8838 and the browser's own 701: it could not be reached.
  return code === 701 ? notice('testNobody') : notice('testRefused', { code: String(code), reason: text.slice(0, 200) });
}

/** The first status that says something, or undefined when none came in time. */
async function within(
  engine: EngineOptions,
  start: (settle: (status: SignalingStatus) => void) => void,
): Promise<SignalingStatus | undefined> {
  const settled = Promise.withResolvers<SignalingStatus | undefined>();
  const cancel = engine.clock.after(TIMEOUT_MS, () => settled.resolve(undefined));
  start((status) => {
    if (status.kind === 'connected' || status.kind === 'unreachable') settled.resolve(status);
  });
  const status = await settled.promise;
  cancel();
  return status;
}

function refused(status: SignalingStatus | undefined): ServerTest {
  return { ok: false, reason: status?.kind === 'unreachable' ? status.reason : notice('testTimeout') };
}

function nobodysSwarm({ randomBytes }: EngineOptions): SwarmId {
  return toHex(randomBytes(ID_BYTES)) as SwarmId;
}
