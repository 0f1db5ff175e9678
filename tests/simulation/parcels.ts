import type { Bytes } from '@/src/base/bytes';
import { BLOCK_UNIT_BYTES, MAX_BULK_FRAME_BYTES } from '@/src/protocol/peer-messages';
import type { LinkChannel } from '@/src/transport/peer-link';
import { MARK_BYTES } from './film';

/** Type, piece and offset of a block (SPEC section F). */
const BLOCK_HEADER_BYTES = 9;

/** A frame under way. */
export interface Parcel {
  readonly channel: LinkChannel;
  /** Of the frame, whatever the parcel itself takes. */
  readonly lengthBytes: number;
  readonly kept: Bytes;
}

export interface Parcels {
  pack(channel: LinkChannel, frame: Bytes): Parcel;
  /** The frame; good until the next one is unpacked. */
  unpack(parcel: Parcel): Bytes;
}

/** Frames as they are. */
export const wholeParcels: Parcels = {
  pack: (channel, frame) => ({ channel, lengthBytes: frame.length, kept: frame.slice() }),
  unpack: ({ kept }) => kept,
};

/** Of the blocks of a sparse film only header and marks are kept while they are under way: thousands of viewers have millions. */
export function sparseParcels(): Parcels {
  const blank = new Uint8Array(MAX_BULK_FRAME_BYTES);
  return {
    pack(channel, frame) {
      const units = Math.ceil((frame.length - BLOCK_HEADER_BYTES) / BLOCK_UNIT_BYTES);
      if (channel !== 'bulk' || units < 1) return wholeParcels.pack(channel, frame);
      const kept = new Uint8Array(BLOCK_HEADER_BYTES + units * MARK_BYTES);
      copyKept(frame, kept, units, 'from the frame');
      return { channel, lengthBytes: frame.length, kept };
    },
    unpack({ channel, lengthBytes, kept }) {
      if (channel !== 'bulk') return kept;
      const frame = blank.subarray(0, lengthBytes);
      copyKept(frame, kept, (kept.length - BLOCK_HEADER_BYTES) / MARK_BYTES, 'into the frame');
      return frame;
    },
  };
}

/** Header and marks lie one after another in what is kept. Byte by byte: views of so few bytes would cost more than they hold. */
function copyKept(frame: Bytes, kept: Bytes, units: number, direction: 'from the frame' | 'into the frame'): void {
  for (let run = 0; run <= units; run++) {
    const inKept = run === 0 ? 0 : BLOCK_HEADER_BYTES + (run - 1) * MARK_BYTES;
    const inFrame = run === 0 ? 0 : BLOCK_HEADER_BYTES + (run - 1) * BLOCK_UNIT_BYTES;
    const length = run === 0 ? BLOCK_HEADER_BYTES : Math.min(MARK_BYTES, frame.length - inFrame);
    for (let byte = 0; byte < length; byte++) {
      if (direction === 'from the frame') kept[inKept + byte] = frame[inFrame + byte] ?? 0;
      else frame[inFrame + byte] = kept[inKept + byte] ?? 0;
    }
  }
}
