import { encodeControl, MAX_REQUESTED_RANGES, type BlockRange, type ControlMessage } from '@/src/protocol/peer-messages';
import { DEFAULT_FLOW_LIMITS, startFlow, type FlowState } from '@/src/scheduler/flow-control';
import type { PeerLink } from '@/src/transport/peer-link';
import { RequestLedger } from './request-ledger';

/**
 * One connection of a link: what is asked for over it comes over it (SPEC L5), so that each has a window of its own and a slow one holds
 * up nothing but itself.
 */
export class Lane {
  readonly link: PeerLink;
  readonly owed = new RequestLedger();
  flow: FlowState;
  lastBlockAtMs: number;

  /** @param flow of one beside the first */
  constructor(link: PeerLink, nowMs: number, flow = startFlow(DEFAULT_FLOW_LIMITS, nowMs)) {
    this.link = link;
    this.flow = flow;
    this.lastBlockAtMs = nowMs;
  }

  /** Asks for blocks; none: says nothing. */
  request(ranges: readonly BlockRange[]): void {
    for (let at = 0; at < ranges.length; at += MAX_REQUESTED_RANGES) {
      this.send({ type: 'request', ranges: ranges.slice(at, at + MAX_REQUESTED_RANGES) });
    }
  }

  send(message: ControlMessage): void {
    this.link.send('control', encodeControl(message));
  }
}
