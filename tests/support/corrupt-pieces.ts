import { open } from 'node:fs/promises';
import { encodeBlock, METADATA_PART_BYTES, type ControlMessage } from '@/src/protocol/peer-messages';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { startHostilePeer, type HostileConnection, type HostilePeer } from './hostile-peer';

export interface CorruptPiecesOptions {
  readonly signalingUrl: string;
  readonly info: TorrentInfo;
  /** Reads bytes of the torrent as they should be. */
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
  /** Whether a piece is served with a flipped byte in each of its blocks; all of them by default. */
  isCorrupt?(piece: number): boolean;
  onConnected?(): void;
  onDropped?(): void;
}

/** Behaves in everything as a seeder does, but for the bytes. */
export function servesCorruptPieces(options: CorruptPiecesOptions): HostilePeer {
  const { signalingUrl, info } = options;
  return startHostilePeer({
    signalingUrl,
    infoHash: info.infoHash,
    onLink(connection) {
      options.onConnected?.();
      connection.hello(info.infoBytes.length);
      connection.listen({
        onControl: (message) => void answer(connection, message, options),
        onClose: () => options.onDropped?.(),
      });
    },
  });
}

/** Reads a single-file torrent from its file. */
export async function fileReader(path: string): Promise<(offsetBytes: number, lengthBytes: number) => Promise<Uint8Array>> {
  const file = await open(path);
  return async (offsetBytes, lengthBytes) => {
    const { bytesRead, buffer } = await file.read(new Uint8Array(lengthBytes), 0, lengthBytes, offsetBytes);
    return buffer.subarray(0, bytesRead);
  };
}

async function answer(connection: HostileConnection, message: ControlMessage, options: CorruptPiecesOptions): Promise<void> {
  const { info } = options;
  switch (message.type) {
    case 'hello':
      return connection.send({ type: 'have-all' });
    case 'metadata-request': {
      const offset = message.part * METADATA_PART_BYTES;
      const payload = info.infoBytes.slice(offset, offset + METADATA_PART_BYTES);
      return connection.send({ type: 'metadata-data', part: message.part, payload });
    }
    case 'request':
      for (const { piece, offsetBytes, lengthBytes } of message.ranges) {
        const block = await options.read(piece * info.pieceLengthBytes + offsetBytes, lengthBytes);
        const middle = lengthBytes >> 1;
        if (options.isCorrupt?.(piece) ?? true) block[middle] = (block[middle] ?? 0) ^ 255;
        connection.link.send('bulk', encodeBlock(piece, offsetBytes, block));
      }
      return;
    case 'hash-request': {
      const { root, layer, index, length } = message;
      return connection.send({ type: 'hash-reject', root, layer, index, length });
    }
    case 'hashes':
    case 'hash-reject':
    case 'metadata-size':
    case 'metadata-reject':
    case 'metadata-data':
    case 'have-all':
    case 'have-none':
    case 'bitfield-part':
    case 'have':
    case 'dont-have':
    case 'choke':
    case 'unchoke':
    case 'push':
    case 'cancel':
    case 'reject':
    case 'lane-offer':
    case 'lane-answer':
    case 'lane-candidates':
    case 'lane-close':
      return;
  }
}
