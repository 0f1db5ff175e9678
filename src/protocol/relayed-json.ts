import type { Relayed } from './signaling-events';

/** What ends a relayed message after its sealed text. */
export const RELAYED_TAIL = '"}';

/** What begins it. Ids were checked when they came: they have nothing that JSON would escape. */
export function relayedHead({ from, swarmId, offerId }: Pick<Relayed, 'from' | 'swarmId' | 'offerId'>): string {
  return `{"from":"${from}","swarmId":"${swarmId}","offerId":"${offerId}","sealed":"`;
}

/** A relayed message as JSON, which a server writes for each. Sealed text has nothing that JSON would escape, either. */
export function relayedJson(relayed: Pick<Relayed, 'from' | 'swarmId' | 'offerId'>, sealed: string): string {
  return `${relayedHead(relayed)}${sealed}${RELAYED_TAIL}`;
}
