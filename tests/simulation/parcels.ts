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
  pack: (channel, frame) => ({ channel, lengthBytes: frame.length, kept: frame }),
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
      kept.set(frame.subarray(0, BLOCK_HEADER_BYTES));
      for (let unit = 0; unit < units; unit++) kept.set(markIn(frame, unit), BLOCK_HEADER_BYTES + unit * MARK_BYTES);
      return { channel, lengthBytes: frame.length, kept };
    },
    unpack({ channel, lengthBytes, kept }) {
      if (channel !== 'bulk') return kept;
      const frame = blank.subarray(0, lengthBytes);
      frame.set(kept.subarray(0, BLOCK_HEADER_BYTES));
      for (let unit = 0, from = BLOCK_HEADER_BYTES; from < kept.length; unit++, from += MARK_BYTES) {
        const mark = markIn(frame, unit);
        mark.set(kept.subarray(from, from + mark.length));
      }
      return frame;
    },
  };
}

/** Where the mark of a block's unit is in its frame. */
function markIn(frame: Bytes, unit: number): Bytes {
  const at = BLOCK_HEADER_BYTES + unit * BLOCK_UNIT_BYTES;
  return frame.subarray(at, at + MARK_BYTES);
}
