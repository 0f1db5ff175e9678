import { readFigures, type SessionFigures } from './popup-figures';
import { formatCount, textTable } from './text-table';
import type { Viewer } from './viewer';

/** A film that plays at one viewer's. */
export interface WatchedFilm {
  readonly viewer: Viewer;
  /** The film's info hash in hex. */
  readonly sessionId: string;
}

/** Where the bytes of one viewer came from and went to. */
interface Exchange {
  readonly fromSeederBytes: number;
  readonly fromOtherViewerBytes: number;
  readonly toOtherViewerBytes: number;
}

/** Once both have the whole film, prints where it came from. @returns whether bytes went between the two */
export async function showExchange(first: WatchedFilm, second: WatchedFilm): Promise<boolean> {
  const [own, other] = await Promise.all([readComplete(first), readComplete(second)]);
  const exchanges = [exchangeOf(own, other), exchangeOf(other, own)];
  const rows = exchanges.map(({ fromSeederBytes, fromOtherViewerBytes, toOtherViewerBytes }, index) => [
    `Viewer ${index + 1}`,
    ...[fromSeederBytes, fromOtherViewerBytes, toOtherViewerBytes].map(formatCount),
  ]);
  console.log(`\n${textTable([['Bytes', 'from the seeder', 'from the other viewer', 'to the other viewer'], ...rows])}\n`);
  return exchanges.some(({ fromOtherViewerBytes }) => fromOtherViewerBytes > 0);
}

function readComplete({ viewer, sessionId }: WatchedFilm): Promise<SessionFigures> {
  return readFigures(viewer.launched, sessionId, { complete: true });
}

/** Peers that both viewers have are seeders; whom only one of them has is the other one. */
function exchangeOf(own: SessionFigures, other: SessionFigures): Exchange {
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
