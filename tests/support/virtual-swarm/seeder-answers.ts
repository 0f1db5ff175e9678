import type { Bytes } from '@/src/base/bytes';
import { PieceLayers } from '@/src/engine/piece-layers';
import { encodeBlock, encodeControl, METADATA_PART_BYTES, type BlockRange, type ControlMessage } from '@/src/protocol/peer-messages';
import type { LinkChannel } from '@/src/transport/peer-link';
import type { FilmContents } from './film-contents';

export interface Answer {
  readonly channel: LinkChannel;
  readonly frame: Bytes;
}

/** A message about one thing: what may ask for several blocks asks for one. */
export type SingleMessage = Exclude<ControlMessage, { readonly type: 'request' }> | ({ readonly type: 'request' } & BlockRange);

/** SPEC B1: the blocks of a request count as if each had been asked for alone. */
export function singly(message: ControlMessage): SingleMessage[] {
  return message.type === 'request' ? message.ranges.map((range) => ({ type: 'request', ...range })) : [message];
}

/** What an honest seeder says to each message; a test that plays one by hand has only to change what it is about. */
export class SeederAnswers {
  readonly #contents: FilmContents;
  readonly #layers: PieceLayers;

  constructor(contents: FilmContents) {
    this.#contents = contents;
    this.#layers = new PieceLayers(contents.info);
    if (contents.hashes !== undefined) this.#layers.load(contents.hashes);
  }

  /** Undefined: there is nothing to say. */
  to(message: SingleMessage): Answer | undefined {
    const { infoBytes } = this.#contents.info;
    switch (message.type) {
      case 'hello':
        return control({ type: 'have-all' });
      case 'metadata-request': {
        const start = message.part * METADATA_PART_BYTES;
        const payload = infoBytes.slice(start, start + METADATA_PART_BYTES);
        const { part } = message;
        return control(payload.length > 0 ? { type: 'metadata-data', part, payload } : { type: 'metadata-reject', part });
      }
      case 'hash-request': {
        const { root, layer, index, length } = message;
        const hashes = this.#layers.answer(message);
        const range = { root, layer, index, length };
        return control(hashes === undefined ? { type: 'hash-reject', ...range } : { type: 'hashes', ...range, hashes });
      }
      case 'request':
        return { channel: 'bulk', frame: encodeBlock(message.piece, message.offsetBytes, this.block(message)) };
      default:
        return undefined;
    }
  }

  block({ piece, offsetBytes, lengthBytes }: BlockRange): Bytes {
    const start = piece * this.#contents.info.pieceLengthBytes + offsetBytes;
    return this.#contents.film.slice(start, start + lengthBytes);
  }
}

export function control(message: ControlMessage): Answer {
  return { channel: 'control', frame: encodeControl(message) };
}
