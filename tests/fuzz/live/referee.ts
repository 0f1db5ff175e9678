import type { Bytes } from '@/src/base/bytes';
import {
  decodeBulk,
  decodeControl,
  isValidRange,
  MAX_METADATA_BYTES,
  PROTOCOL_VERSION,
  type BlockRange,
  type ControlMessage,
} from '@/src/protocol/peer-messages';
import type { PeerId } from '@/src/protocol/ids';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { LinkChannel } from '@/src/transport/peer-link';

type Possession = 'untold' | 'in-parts' | 'told';

/**
 * Reads along on one link and says whether its sender has broken a rule of SPEC that holds whatever the other side knows by then. Written
 * from SPEC alone: it shares nothing with the engine but the frames.
 */
export class Referee {
  readonly #info: TorrentInfo;
  readonly #ownId: PeerId;
  /** What the other side asked for and was not given, by name. */
  readonly #asked = new Map<string, number>();
  #helloed = false;
  /** It speaks another version: the link ends without blame, and what else it says is not read (SPEC L4). */
  #isForeign = false;
  #saidSize = false;
  #possession: Possession = 'untold';
  #offence: string | undefined;

  constructor(info: TorrentInfo, ownId: PeerId) {
    this.#info = info;
    this.#ownId = ownId;
  }

  /** The rule that was broken first. */
  get offence(): string | undefined {
    return this.#offence;
  }

  received(message: ControlMessage): void {
    for (const name of namesOf(message)) this.#asked.set(name, (this.#asked.get(name) ?? 0) + 1);
  }

  sent(channel: LinkChannel, frame: Bytes): void {
    if (this.#isForeign) return;
    this.#offence ??= channel === 'bulk' ? this.#judgeBulk(frame) : this.#judgeControl(decodeControl(frame));
  }

  #judgeBulk(frame: Bytes): string | undefined {
    const block = decodeBulk(frame);
    if (block === undefined) return 'L2';
    if (!this.#helloed) return 'L3';
    return this.#take(rangeName({ piece: block.piece, offsetBytes: block.offsetBytes, lengthBytes: block.payload.length }))
      ? undefined
      : 'B4';
  }

  #judgeControl(message: ControlMessage | undefined): string | undefined {
    if (message === undefined) return 'L2';
    if (message.type === 'hello') {
      if (this.#helloed) return 'L3';
      this.#helloed = true;
      this.#isForeign = message.version !== PROTOCOL_VERSION;
      if (this.#isForeign) return undefined;
      if (message.peerId !== this.#ownId) return 'L4';
      this.#saidSize = message.metadataBytes > 0;
      return message.metadataBytes > MAX_METADATA_BYTES ? 'M1' : undefined;
    }
    if (!this.#helloed) return 'L3';
    switch (message.type) {
      case 'metadata-size':
        if (this.#saidSize || message.metadataBytes === 0) return 'M3';
        this.#saidSize = true;
        return message.metadataBytes > MAX_METADATA_BYTES ? 'M1' : undefined;
      case 'metadata-data':
      case 'metadata-reject':
        return this.#take(`metadata ${message.part}`) ? undefined : 'M1';
      case 'have-all':
      case 'have-none':
        return this.#tell('untold', 'told');
      case 'bitfield-part':
        return this.#possession === 'told' ? 'P1' : this.#tell(this.#possession, 'in-parts');
      case 'have':
        return this.#judgePieces(message.pieces);
      case 'dont-have':
        return this.#judgePieces([message.piece]);
      case 'request':
        return message.ranges.every((range) => this.#isBlock(range)) ? undefined : 'B1';
      case 'cancel':
        return this.#isBlock(message) ? undefined : 'B1';
      case 'reject':
        if (!this.#isBlock(message)) return 'B1';
        this.#take(rangeName(message));
        return undefined;
      case 'hashes':
      case 'hash-reject':
        return this.#take(hashName(message)) ? undefined : 'H2';
      default:
        // Whether these are in order depends on how often, or on what the other side knows.
        return undefined;
    }
  }

  #tell(from: Possession, to: Possession): string | undefined {
    if (this.#possession !== from) return 'P1';
    this.#possession = to;
    return undefined;
  }

  #judgePieces(pieces: readonly number[]): string | undefined {
    return this.#possession === 'untold' || pieces.some((piece) => piece >= this.#info.pieceCount) ? 'P3' : undefined;
  }

  #isBlock(range: BlockRange): boolean {
    return range.piece < this.#info.pieceCount && isValidRange(range, pieceSizeBytes(this.#info, range.piece));
  }

  #take(name: string): boolean {
    const count = this.#asked.get(name) ?? 0;
    if (count === 0) return false;
    this.#asked.set(name, count - 1);
    return true;
  }
}

function namesOf(message: ControlMessage): string[] {
  switch (message.type) {
    case 'request':
      return message.ranges.map(rangeName);
    case 'metadata-request':
      return [`metadata ${message.part}`];
    case 'hash-request':
      return [hashName(message)];
    default:
      return [];
  }
}

function rangeName({ piece, offsetBytes, lengthBytes }: BlockRange): string {
  return `block ${piece}+${offsetBytes}+${lengthBytes}`;
}

function hashName({
  root,
  layer,
  index,
  length,
}: {
  readonly root: string;
  readonly layer: number;
  readonly index: number;
  readonly length: number;
}): string {
  return `hashes ${root}:${layer}:${index}:${length}`;
}
