import type { OfferId, PeerId } from '@/src/protocol/ids';
import type { PushGrant } from '@/src/protocol/push-grant';
import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import type { PeerLink } from '@/src/transport/peer-link';
import { WebRtcNegotiation } from '@/src/transport/webrtc-negotiation';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';

/** A negotiation under way, whoever carries its messages. */
export interface Dial {
  readonly offerId: OfferId;
  readonly role: 'offerer' | 'answerer';
  /** Undefined while the offer waits for its addressee. */
  peer: PeerId | undefined;
  /** What came, or went, with its offer (SPEC N1). */
  grant: PushGrant | undefined;
  readonly negotiation: Negotiation;
  readonly startedAtMs: number;
  /** An answer to its offer came. */
  isAnswered: boolean;
  readonly end: () => void;
}

export interface DialOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  /** Those of the session; the new one is added, and leaves by itself (SPEC G4). */
  readonly dials: Map<OfferId, Dial>;
  readonly signal: AbortSignal;
  readonly rtcConfiguration: RTCConfiguration;
  readonly allowHost: boolean;
  onLink(dial: Dial, link: PeerLink): void;
  onFailed(dial: Dial): void;
  onCandidates(dial: Dial, batch: string): void;
}

export function openDial(options: DialOptions, role: Dial['role'], offerId: OfferId, peer: PeerId | undefined): Dial {
  const { engine, limits, dials, signal, allowHost } = options;
  const forget = (): void => {
    dials.delete(offerId);
    cancelTimeout();
    signal.removeEventListener('abort', end);
  };
  const handlers: NegotiationOptions = {
    clock: engine.clock,
    allowHost,
    onLink: (link) => {
      forget();
      options.onLink(dial, link);
    },
    onFailed: (reason) => {
      forget();
      engine.logger.debug('negotiation failed', { reason });
      options.onFailed(dial);
    },
    onCandidates: (batch) => options.onCandidates(dial, batch),
  };
  const spare = role === 'offerer' ? engine.takeSpareOffer?.(options.rtcConfiguration, handlers) : undefined;
  const negotiation = spare ?? negotiate(engine, options.rtcConfiguration, handlers);
  const end = (): void => negotiation.fail('given up');
  const dial: Dial = { offerId, role, peer, grant: undefined, negotiation, startedAtMs: engine.clock.now(), isAnswered: false, end };
  const cancelTimeout = engine.clock.after(limits.negotiationTimeoutMs, () => negotiation.fail('no connection in time'));
  signal.addEventListener('abort', end);
  dials.set(offerId, dial);
  return dial;
}

/** By the host's own means, where it has some. @throws when the browser makes no connection */
export function negotiate(
  engine: Pick<EngineOptions, 'createConnection' | 'createNegotiation'>,
  rtcConfiguration: RTCConfiguration,
  options: NegotiationOptions,
): Negotiation {
  const relayOnly = rtcConfiguration.iceTransportPolicy === 'relay';
  return (
    engine.createNegotiation?.(options) ??
    new WebRtcNegotiation({ ...options, relayOnly, connection: engine.createConnection(rtcConfiguration) })
  );
}
