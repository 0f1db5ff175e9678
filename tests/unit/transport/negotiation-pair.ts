import { onTestFinished } from 'vitest';
import type { Clock } from '@/src/base/clock';
import { createNodeConnection } from '@/src/host/node-rtc';
import { systemClock } from '@/src/host/system-clock';
import type { PeerLink } from '@/src/transport/peer-link';
import { WebRtcNegotiation } from '@/src/transport/webrtc-negotiation';

export interface Negotiator {
  readonly negotiation: WebRtcNegotiation;
  readonly connection: RTCPeerConnection;
  /** The channels below its link. */
  readonly channels: readonly RTCDataChannel[];
  readonly linked: Promise<PeerLink>;
  readonly failed: Promise<string>;
  /** Batches of candidates it wanted to send. */
  readonly batches: string[];
  onCandidates: (batch: string) => void;
}

/** One side of a negotiation over a real connection, which is closed with the test: an open one keeps the process alive. */
export function negotiator(options: { allowHost?: boolean; clock?: Clock } = {}): Negotiator {
  const connection = createNodeConnection({ iceServers: [] });
  onTestFinished(() => connection.close());
  const channels: RTCDataChannel[] = [];
  const create = connection.createDataChannel.bind(connection);
  connection.createDataChannel = (label, init) => {
    const channel = create(label, init);
    channels.push(channel);
    return channel;
  };
  const linked = Promise.withResolvers<PeerLink>();
  const failed = Promise.withResolvers<string>();
  const side: Negotiator = {
    connection,
    channels,
    linked: linked.promise,
    failed: failed.promise,
    batches: [],
    onCandidates: () => undefined,
    negotiation: new WebRtcNegotiation({
      connection,
      clock: options.clock ?? systemClock,
      allowHost: options.allowHost ?? true,
      onLink: linked.resolve,
      onFailed: failed.resolve,
      onCandidates(batch) {
        side.batches.push(batch);
        side.onCandidates(batch);
      },
    }),
  };
  return side;
}

/** Two sides that hand each other's messages over as signaling would. */
export async function negotiate(offerer: Negotiator, answerer: Negotiator): Promise<void> {
  offerer.onCandidates = (batch) => void answerer.negotiation.acceptCandidates(batch);
  answerer.onCandidates = (batch) => void offerer.negotiation.acceptCandidates(batch);
  const offer = await offerer.negotiation.createOffer();
  await offerer.negotiation.startGathering();
  offerer.negotiation.sendCandidates();
  const answer = await answerer.negotiation.acceptOffer(offer);
  answerer.negotiation.sendCandidates();
  await offerer.negotiation.acceptAnswer(answer);
}

/** On a busy machine libdatachannel may take the certificate of whoever is quick for a stranger's; then there is another try. */
export async function linkedPair(): Promise<[PeerLink, PeerLink]> {
  for (;;) {
    const [offerer, answerer] = [negotiator(), negotiator()];
    await negotiate(offerer, answerer);
    const outcome = await Promise.race([Promise.all([offerer.linked, answerer.linked]), offerer.failed, answerer.failed]);
    if (typeof outcome !== 'string') return outcome;
  }
}
