import type { Bytes } from '@/src/base/bytes';

/** Our chunk store as the library sees it (abstract-chunk-store): no second copy, no second plan. */
export interface LibraryStoreCalls {
  /** Keeps a verified piece. Resolves once it is stored; never, when it cannot be: an error would destroy the torrent. */
  keep(piece: number, bytes: Bytes): Promise<void>;
  /** Bytes of a verified piece, if they are in memory: a view, not to be changed. */
  peek(piece: number, offsetBytes: number, lengthBytes: number): Uint8Array | undefined;
  /** Bytes of a verified piece: a view, not to be changed. */
  read(piece: number, offsetBytes: number, lengthBytes: number | undefined): Promise<Uint8Array>;
}

interface GetOptions {
  readonly offset?: number;
  readonly length?: number;
}

type Done = (error: Error | null) => void;
type GetDone = (error: Error | null, bytes?: Uint8Array) => void;

/** The class that the library makes its store from, as soon as it knows the metadata. */
export function libraryStoreClass(
  calls: LibraryStoreCalls,
  bitfield: number[],
): new (chunkLength: number, options: { length: number }) => object {
  return class LibraryStore {
    readonly chunkLength: number;

    constructor(chunkLength: number, { length }: { length: number }) {
      this.chunkLength = chunkLength;
      // The library reads its start-up bitfield right after this. All zeros: otherwise it would read and hash pieces we know already.
      bitfield.length = Math.ceil(Math.ceil(length / chunkLength) / 8);
      bitfield.fill(0);
    }

    put(piece: number, bytes: Uint8Array, done: Done = () => undefined): void {
      // The buffer is given away: the library serves a piece from it only after `done`, and from then on asks here.
      void put(calls, piece, ownBytes(bytes), done);
    }

    get(piece: number, options: GetOptions | GetDone | null, done: GetDone = () => undefined): void {
      if (typeof options === 'function') return this.get(piece, null, options);
      const { offset = 0, length } = options ?? {};
      const bytes = length === undefined ? undefined : calls.peek(piece, offset, length);
      // Answered at once, blocks that were asked for together go out together.
      if (bytes === undefined) void get(calls, piece, options ?? {}, done);
      else done(null, bytes);
    }

    close(done: Done = () => undefined): void {
      done(null);
    }

    destroy(done: Done = () => undefined): void {
      done(null);
    }
  };
}

/** The same bytes in a buffer that holds nothing else: a piece of one block is a view into what its wire received. */
function ownBytes(bytes: Uint8Array): Bytes {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length ? new Uint8Array(buffer) : bytes.slice();
}

async function put(calls: LibraryStoreCalls, piece: number, bytes: Bytes, done: Done): Promise<void> {
  await calls.keep(piece, bytes);
  done(null);
}

async function get(calls: LibraryStoreCalls, piece: number, { offset = 0, length }: GetOptions, done: GetDone): Promise<void> {
  let bytes: Uint8Array;
  try {
    bytes = await calls.read(piece, offset, length);
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done(null, bytes);
}
