import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { Bytes } from '@/src/base/bytes';
import {
  adoptPieces,
  failedPiece,
  hidePiece,
  infoBytesOf,
  limitRequests,
  offerMetadata,
  releasePieces,
  selectRuns,
  WebTorrentLibrary,
  type LibraryTorrent,
  type LibraryWire,
} from '@/src/engine/webtorrent/library';
import type { LibraryStoreCalls } from '@/src/engine/webtorrent/library-store';
import { randomPeerId } from '@/src/protocol/ids';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { DuplexEnd } from '@/tests/support/duplex-pair';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';

/** What src/engine/webtorrent/library.ts relies on, private and undocumented parts above all, against the real package. */

const FILM = fakeFilm(20 * 32_768 - 1000);
const INFO = describeFilm(FILM, 32_768);
const ALL = Array.from({ length: INFO.pieceCount }, (_, piece) => piece);

const libraries: WebTorrentLibrary[] = [];

afterEach(async () => {
  await Promise.all(libraries.splice(0).map((library) => library.close()));
});

class Side implements LibraryStoreCalls {
  readonly kept: number[] = [];
  readonly reads: number[] = [];
  readonly peeks: number[] = [];
  /** Pieces that need not be read. */
  inMemory: readonly number[] = [];
  readonly wires: LibraryWire[] = [];
  readonly warnings: Error[] = [];
  film: Bytes = FILM;
  /** What is kept waits for this. */
  disk: Promise<void> = Promise.resolve();
  torrent!: LibraryTorrent;
  #changed = Promise.withResolvers<void>();

  static async open(infoBytes?: Bytes): Promise<Side> {
    const side = new Side();
    const library = await WebTorrentLibrary.load({
      peerId: randomPeerId((lengthBytes) => new Uint8Array(randomBytes(lengthBytes))),
      onError: (error) => side.warnings.push(error),
    });
    libraries.push(library);
    side.torrent = await library.add({ infoHash: INFO.infoHash, infoBytes, store: side }, (torrent) => {
      torrent.on('wire', (wire: LibraryWire) => {
        side.wires.push(wire);
        wire.on('piece', () => side.#tell());
        wire.on('have', () => side.#tell());
        side.#tell();
      });
      torrent.on('warning', (warning: Error) => {
        side.warnings.push(warning);
        side.#tell();
      });
      torrent.on('ready', () => side.#tell());
      torrent.on('done', () => side.#tell());
    });
    return side;
  }

  static async seeder(): Promise<Side> {
    const side = await Side.open(INFO.infoBytes);
    await side.until(() => side.torrent.ready);
    adoptPieces(side.torrent, ALL, true);
    return side;
  }

  link(other: Side): void {
    const [left, right] = DuplexEnd.pair();
    this.torrent.addPeer(left);
    other.torrent.addPeer(right);
  }

  get wire(): LibraryWire {
    const wire = this.wires.at(-1);
    if (wire === undefined) throw new Error('no wire yet');
    return wire;
  }

  async keep(piece: number, bytes: Bytes): Promise<void> {
    expect(bytes.length).toBe(pieceSizeBytes(INFO, piece));
    this.kept.push(piece);
    // As a store does that hands the bytes to a worker.
    structuredClone(bytes, { transfer: [bytes.buffer] });
    await this.disk;
    // The library marks the piece only once it is stored.
    void Promise.resolve().then(() => this.#tell());
  }

  peek(piece: number, offsetBytes: number, lengthBytes: number): Uint8Array | undefined {
    if (!this.inMemory.includes(piece)) return undefined;
    this.peeks.push(piece);
    const start = piece * INFO.pieceLengthBytes + offsetBytes;
    return this.film.subarray(start, start + lengthBytes);
  }

  async read(piece: number, offsetBytes: number, lengthBytes = pieceSizeBytes(INFO, piece) - offsetBytes): Promise<Bytes> {
    this.reads.push(piece);
    const start = piece * INFO.pieceLengthBytes + offsetBytes;
    return this.film.slice(start, start + lengthBytes);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#changed.promise;
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

test('the version is the one all this was tried with', async () => {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: Record<string, string> };
  const installed = JSON.parse(await readFile('node_modules/webtorrent/package.json', 'utf8')) as { version: string };
  expect([dependencies['webtorrent'], installed.version]).toEqual(['3.0.21', '3.0.21']);
});

test('a torrent that knows its metadata is ready without reading a piece', async () => {
  const side = await Side.open(INFO.infoBytes);
  await side.until(() => side.torrent.ready);
  expect([side.torrent.pieces.length, side.reads, infoBytesOf(side.torrent)]).toEqual([INFO.pieceCount, [], INFO.infoBytes]);
});

test('metadata comes from a peer; the same bytes as were hashed', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open();
  viewer.link(seeder);
  await viewer.until(() => viewer.torrent.ready);
  expect(infoBytesOf(viewer.torrent)).toEqual(INFO.infoBytes);
});

test('a peer that came before the metadata has it offered, and learns it', async () => {
  const left = await Side.open();
  const right = await Side.open();
  left.link(right);
  await left.until(() => left.wires.length > 0);
  await right.until(() => right.wires.length > 0);
  await offerMetadata(left.wire, INFO.infoBytes);
  await left.until(() => left.torrent.ready);
  await right.until(() => right.torrent.ready);
  expect(infoBytesOf(right.torrent)).toEqual(INFO.infoBytes);
});

test('only selected pieces are fetched; a window that moves on leaves nothing out', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  viewer.link(seeder);
  selectRuns(viewer.torrent, [{ first: 8, last: 11 }]);
  await viewer.until(() => viewer.kept.includes(8));
  selectRuns(viewer.torrent, [
    { first: 9, last: 13 },
    { first: 2, last: 2 },
  ]);
  await viewer.until(() => viewer.kept.length === 7);
  expect(viewer.kept.toSorted((left, right) => left - right)).toEqual([2, 8, 9, 10, 11, 12, 13]);
});

test('adopted pieces are told to peers, served from the store, and make the torrent done', async () => {
  const viewer = await Side.open(INFO.infoBytes);
  const other = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  await other.until(() => other.torrent.ready);
  viewer.link(other);
  await other.until(() => other.wires.length > 0);
  await viewer.until(() => viewer.wires.length > 0);
  selectRuns(other.torrent, [{ first: 0, last: INFO.pieceCount - 1 }]);
  const done = new Promise<void>((resolve) => viewer.torrent.on('done', resolve));
  adoptPieces(viewer.torrent, [3]);
  await other.until(() => other.kept.includes(3));
  expect(other.kept).toEqual([3]);
  adoptPieces(viewer.torrent, ALL);
  await done;
  await other.until(() => other.kept.length === INFO.pieceCount);
  expect(new Set(viewer.reads).size).toBe(INFO.pieceCount);
});

test('released pieces are told to peers that speak BEP 54, not served, and fetched again when selected', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  viewer.link(seeder);
  selectRuns(viewer.torrent, [{ first: 0, last: INFO.pieceCount - 1 }]);
  await viewer.until(() => viewer.kept.length === INFO.pieceCount);
  const lost = new Promise<void>((resolve) => {
    seeder.wire.lt_donthave.on('donthave', () => resolve());
  });
  await seeder.until(() => seeder.wire.peerPieces.get(7));
  selectRuns(viewer.torrent, []);
  releasePieces(viewer.torrent, [7, 7]);
  await lost;
  expect([seeder.wire.peerPieces.get(7), seeder.wire.peerPieces.get(6), viewer.torrent.bitfield.get(7)]).toEqual([false, true, false]);
  selectRuns(viewer.torrent, [{ first: 7, last: 7 }]);
  await viewer.until(() => viewer.kept.length > INFO.pieceCount);
  expect(viewer.kept.at(-1)).toBe(7);
});

test('a piece that is not stored yet is served to nobody: its buffer was given away', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  const disk = Promise.withResolvers<void>();
  viewer.disk = disk.promise;
  viewer.link(seeder);
  selectRuns(viewer.torrent, [{ first: 4, last: 4 }]);
  await viewer.until(() => viewer.kept.includes(4));
  const served: (Uint8Array | undefined)[] = [];
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      viewer.wire.emit('request', 4, 0, 100, (_error: Error | null, bytes?: Uint8Array) => {
        served.push(bytes);
        resolve();
      });
      // Never answered while the piece is being stored.
      if (viewer.torrent.pieces[4] !== null) setImmediate(resolve);
    });
  await ask();
  expect([served, viewer.reads]).toEqual([[], []]);
  disk.resolve();
  await viewer.until(() => viewer.torrent.pieces[4] === null);
  await ask();
  expect(served).toEqual([FILM.slice(4 * INFO.pieceLengthBytes, 4 * INFO.pieceLengthBytes + 100)]);
});

test('what is in memory is served from there, in one go', async () => {
  const seeder = await Side.seeder();
  seeder.inMemory = ALL;
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  viewer.link(seeder);
  selectRuns(viewer.torrent, [{ first: 0, last: INFO.pieceCount - 1 }]);
  await viewer.until(() => viewer.kept.length === INFO.pieceCount);
  expect([new Set(seeder.peeks).size, seeder.reads]).toEqual([INFO.pieceCount, []]);
});

test('an adopted piece is not asked for any more', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  adoptPieces(viewer.torrent, ALL.slice(1), true);
  viewer.link(seeder);
  selectRuns(viewer.torrent, [{ first: 0, last: INFO.pieceCount - 1 }]);
  await viewer.until(() => viewer.kept.length > 0);
  expect([viewer.kept, new Set(seeder.reads)]).toEqual([[0], new Set([0])]);
});

test('no more requests wait at a peer than it is limited to', async () => {
  const seeder = await Side.seeder();
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  viewer.link(seeder);
  await viewer.until(() => viewer.wires.length > 0);
  const { wire } = viewer;
  let most = 0;
  wire.on('extended', () => limitRequests(wire, 2, undefined));
  wire.on('piece', () => {
    most = Math.max(most, wire.requests.length);
  });
  selectRuns(viewer.torrent, [{ first: 0, last: INFO.pieceCount - 1 }]);
  await viewer.until(() => viewer.kept.length === INFO.pieceCount);
  expect(most).toBeLessThanOrEqual(2);
});

test('a failed piece is named in a warning; hidden from its author it is not asked again until it is shown', async () => {
  const seeder = await Side.seeder();
  seeder.film = FILM.map((byte, at) => (at === 4 * INFO.pieceLengthBytes ? byte ^ 1 : byte));
  const viewer = await Side.open(INFO.infoBytes);
  await viewer.until(() => viewer.torrent.ready);
  viewer.link(seeder);
  await viewer.until(() => viewer.wires.length > 0);
  const hidden = Promise.withResolvers<() => void>();
  viewer.torrent.on('warning', () => hidden.resolve(hidePiece(viewer.wire, 4)));
  selectRuns(viewer.torrent, [{ first: 4, last: 6 }]);
  await viewer.until(() => viewer.warnings.length > 0 && viewer.kept.length === 2);
  expect([viewer.warnings.map(failedPiece), viewer.wire.peerPieces.get(4), viewer.wire.peerPieces.get(5)]).toEqual([[4], false, true]);
  seeder.film = FILM;
  const show = await hidden.promise;
  show();
  selectRuns(viewer.torrent, []);
  selectRuns(viewer.torrent, [{ first: 4, last: 4 }]);
  await viewer.until(() => viewer.kept.includes(4));
  expect(viewer.kept).toHaveLength(3);
});
