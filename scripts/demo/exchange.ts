import type { SessionFigures } from './popup-figures';
import { textTable } from './text-table';
import { formatCount } from './watching';

/** Where the bytes of one viewer came from. */
export interface Exchange {
  readonly fromSeederBytes: number;
  readonly fromOtherViewerBytes: number;
  readonly toOtherViewerBytes: number;
}

/** Peers that both viewers have are seeders; whom only one of them has is the other one. */
export function exchangeOf(own: SessionFigures, other: SessionFigures): Exchange {
  const shared = new Set(other.peers.map(({ id }) => id));
  const exchange = { fromSeederBytes: 0, fromOtherViewerBytes: 0, toOtherViewerBytes: 0 };
  for (const { id, downloadedBytes, uploadedBytes } of own.peers) {
    if (shared.has(id)) {
      exchange.fromSeederBytes += downloadedBytes;
    } else {
      exchange.fromOtherViewerBytes += downloadedBytes;
      exchange.toOtherViewerBytes += uploadedBytes;
    }
  }
  return exchange;
}

export function exchangeTable(exchanges: readonly (readonly [name: string, exchange: Exchange])[]): string {
  return textTable([
    ['Bytes', 'from the seeder', 'from the other viewer', 'to the other viewer'],
    ...exchanges.map(([name, { fromSeederBytes, fromOtherViewerBytes, toOtherViewerBytes }]) => [
      name,
      ...[fromSeederBytes, fromOtherViewerBytes, toOtherViewerBytes].map(formatCount),
    ]),
  ]);
}
