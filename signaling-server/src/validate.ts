import * as v from 'valibot';
import { ID_PATTERN, type OfferId, type PeerId, type SwarmId } from '@/src/protocol/ids';
import {
  announceSchema,
  directedSchema,
  leaveSchema,
  MAX_OFFERS_PER_ANNOUNCE,
  MAX_SEALED_CHARS,
  type Announce,
  type Directed,
  type Leave,
  type RelayKind,
} from '@/src/protocol/signaling-events';
import type { Sealed } from './sealed-bytes';

/** `Directed`, with its sealed text perhaps still as it came. */
export type DirectedSealed = Omit<Directed, 'sealed'> & { readonly sealed: Sealed };

/** Is made of parts that are each what `directedSchema` asks for. */
export class CheckedDirected implements DirectedSealed {
  readonly to: PeerId;
  readonly swarmId: SwarmId;
  readonly offerId: OfferId;
  readonly sealed: Sealed;

  constructor({ to, swarmId, offerId, sealed }: DirectedSealed) {
    this.to = to;
    this.swarmId = swarmId;
    this.offerId = offerId;
    this.sealed = sealed;
  }
}

export type ClientMessage =
  | { readonly event: 'announce'; readonly payload: Announce }
  | { readonly event: RelayKind; readonly payload: DirectedSealed }
  | { readonly event: 'leave'; readonly payload: Leave };

/** Enough to name a field of ours, and no more of what a client wrote. */
const MAX_PATH_CHARS = 60;
const DIRECTED_FIELDS = 4;
const SEALED_PATTERN = /^[\w-]+$/;
/** One budget point for each so many characters of sealed text. */
const SEALED_CHARS_PER_POINT = 8192;

/** Returns the message, or a sentence that says what is wrong with it. */
export function parseMessage(event: unknown, payload: unknown): ClientMessage | string {
  switch (event) {
    case 'announce':
      return parsed(v.safeParse(announceSchema, payload), (announce) => ({ event, payload: announce }));
    case 'offer':
    case 'answer':
    case 'ice-candidate':
      if (payload instanceof CheckedDirected || isDirected(payload)) return { event, payload };
      return parsed(v.safeParse(directedSchema, payload), (directed) => ({ event, payload: directed }));
    case 'leave':
      return parsed(v.safeParse(leaveSchema, payload), (leave) => ({ event, payload: leave }));
    default:
      return 'There is no such event.';
  }
}

/**
 * What `directedSchema` accepts. Nearly every message is one of these, and the schema takes as long for it as everything else does that is
 * done with one; what is refused here goes there all the same, which says why.
 */
function isDirected(payload: unknown): payload is Directed {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false;
  const { to, swarmId, offerId, sealed } = payload as Partial<Record<string, unknown>>;
  if (!isId(to) || !isId(swarmId) || !isId(offerId)) return false;
  return isSealed(sealed) && Object.keys(payload).length === DIRECTED_FIELDS;
}

/** Of a swarm, a peer or an offer. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID_PATTERN.test(value);
}

export function isSealed(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_SEALED_CHARS && SEALED_PATTERN.test(value);
}

/** As `messagePoints`, of what was not checked. */
export function unreadPoints(payload: unknown): number {
  const hasOffers = typeof payload === 'object' && payload !== null && 'offers' in payload && Array.isArray(payload.offers);
  return hasOffers ? 1 + MAX_OFFERS_PER_ANNOUNCE : 1;
}

/** What a message takes from the budgets of its connection and address. */
export function messagePoints(message: ClientMessage): number {
  switch (message.event) {
    case 'announce':
      return message.payload.offers.reduce((points, { sealed }) => points + 1 + sealedPoints(sealed), 1);
    case 'offer':
    case 'answer':
    case 'ice-candidate':
      return 1 + sealedPoints(message.payload.sealed);
    case 'leave':
      return 1;
    default:
      return message satisfies never;
  }
}

function sealedPoints(sealed: Sealed): number {
  return Math.floor(sealed.length / SEALED_CHARS_PER_POINT);
}

function parsed<Schema extends v.GenericSchema>(
  result: v.SafeParseResult<Schema>,
  accept: (payload: v.InferOutput<Schema>) => ClientMessage,
): ClientMessage | string {
  if (result.success) return accept(result.output);
  const path = v.getDotPath(result.issues[0])?.slice(0, MAX_PATH_CHARS);
  return path === undefined ? 'The message is not of the form this event has.' : `The message is wrong at ${path}.`;
}
