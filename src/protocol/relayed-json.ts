import type { Relayed } from './signaling-events';

/**
 * A relayed message as JSON, which a server writes for each. Its parts were checked when they came: ids and sealed text have nothing that
 * JSON would escape.
 */
export function relayedJson({ from, swarmId, offerId, sealed }: Relayed): string {
  return `{"from":"${from}","swarmId":"${swarmId}","offerId":"${offerId}","sealed":"${sealed}"}`;
}
