/** The parts used here; the package brings no types. */
declare module 'webtorrent-fixtures' {
  export interface ParsedFixture {
    readonly infoHash: string;
    readonly name: string;
    readonly length: number;
    readonly pieceLength: number;
    readonly lastPieceLength: number;
    /** SHA-1 of each piece in hexadecimal. */
    readonly pieces: readonly string[];
    /** Paths begin with the torrent's name when it holds a folder. */
    readonly files: readonly { readonly path: string; readonly length: number; readonly offset: number }[];
    readonly private?: boolean;
    readonly urlList: readonly string[];
  }
  export interface TorrentFixture {
    readonly torrent: Uint8Array<ArrayBuffer>;
    readonly parsedTorrent: ParsedFixture;
  }
  type Name = 'leaves' | 'alice' | 'folder' | 'numbers' | 'lotsOfNumbers' | 'bunny' | 'sintel' | 'leavesMetadata';
  /** `blocklist` names files of addresses; it holds no torrent. */
  const fixtures: Readonly<Record<Name, TorrentFixture>> & {
    readonly corrupt: { readonly torrent: Uint8Array<ArrayBuffer> };
    readonly blocklist: unknown;
  };
  export default fixtures;
}
