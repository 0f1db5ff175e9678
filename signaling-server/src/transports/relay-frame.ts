import type { OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { relayedHead, RELAYED_TAIL } from '@/src/protocol/relayed-json';
import { MAX_SEALED_CHARS, type Relayed, type RelayKind } from '@/src/protocol/signaling-events';
import { areSealedBytes, SealedBytes } from '../sealed-bytes';
import { CheckedDirected } from '../validate';
import { emptyTextFrame } from './text-frame';

/** A relayed message as `JSON.stringify` writes it, up to its sealed text. */
const HEAD =
  /^\{"type":"(offer|answer|ice-candidate)",(?:"id":(0|[1-9]\d{0,14}),)?"payload":\{"to":"([0-9a-f]{40})","swarmId":"([0-9a-f]{40})","offerId":"[0-9a-f]{40}","sealed":"/;
const MAX_HEAD_BYTES = 224;
/** From the beginning and the end of the offer id to the sealed text. */
const OFFER_ID_BEFORE = 52;
const OFFER_ID_END_BEFORE = 12;
const TAIL = '"}}';

export interface RelayFrame {
  readonly type: RelayKind;
  readonly id: number | undefined;
  readonly payload: CheckedDirected;
}

/**
 * Reads a frame of a relayed message, which nearly all are, without making text of what is sealed. It accepts nothing that the schemas would not; undefined
 * for what has to be read by them, be it only that its fields come in another order.
 */
export function readRelayFrame(data: Buffer): RelayFrame | undefined {
  const match = HEAD.exec(data.toString('latin1', 0, MAX_HEAD_BYTES));
  if (match === null) return undefined;
  const [{ length: sealedAt }, type, id, to, swarmId] = match;
  const sealedEnd = data.length - TAIL.length;
  if (sealedEnd <= sealedAt || sealedEnd - sealedAt > MAX_SEALED_CHARS) return undefined;
  if (data.toString('latin1', sealedEnd) !== TAIL || !areSealedBytes(data, sealedAt, sealedEnd)) return undefined;
  // Kept for as long as the offer is open, and so cut out by itself: part of another text would keep that.
  const offerId = data.toString('latin1', sealedAt - OFFER_ID_BEFORE, sealedAt - OFFER_ID_END_BEFORE) as OfferId;
  const sealed = new SealedBytes(data.subarray(sealedAt, sealedEnd));
  const payload = new CheckedDirected({ to: to as PeerId, swarmId: swarmId as SwarmId, offerId, sealed });
  return { type: type as RelayKind, id: id === undefined ? undefined : Number(id), payload };
}

/** A relayed message whose sealed text is still as it came. */
export function relayFrame(event: RelayKind, payload: Pick<Relayed, 'from' | 'swarmId' | 'offerId'>, sealed: SealedBytes): Buffer {
  const head = `{"type":"${event}","payload":${relayedHead(payload)}`;
  const { bytes, textAt } = emptyTextFrame(head.length + sealed.length + RELAYED_TAIL.length + 1);
  const sealedAt = textAt + bytes.write(head, textAt, 'latin1');
  const sealedEnd = sealedAt + sealed.bytes.copy(bytes, sealedAt);
  bytes.write(`${RELAYED_TAIL}}`, sealedEnd, 'latin1');
  return bytes;
}
