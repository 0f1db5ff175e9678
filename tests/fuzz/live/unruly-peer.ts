import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { PeerId } from '@/src/protocol/ids';
import { encodeBlock, encodeControl, PROTOCOL_VERSION, type ControlMessage } from '@/src/protocol/peer-messages';
import type { LinkChannel } from '@/src/transport/peer-link';
import type { HostileConnection } from '@/tests/support/hostile-peer';
import type { FilmContents } from '@/tests/support/virtual-swarm/film-contents';
import { SeederAnswers, singly, type SingleMessage } from '@/tests/support/virtual-swarm/seeder-answers';
import { Referee } from './referee';

/** What is on its way counts as memory, too: the sender's. */
const FLOOD_BYTES = 1024 * 1024;

/** What becomes of one frame on its way out. */
export type Move =
  | { readonly kind: 'as-it-is' | 'drop' | 'other-channel' | 'vanish' | 'silence' }
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: number }
  /** Sent after so many more. */
  | { readonly kind: 'hold'; readonly frames: number }
  | { readonly kind: 'late'; readonly ms: number }
  /** Followed by something else, over and over. */
  | { readonly kind: 'flood'; readonly channel: LinkChannel; readonly frame: Bytes; readonly times: number };

export interface UnrulyScript {
  /** Said before the hello. */
  readonly opening: readonly Bytes[];
  /** What hello says of the dictionary; undefined: the truth. */
  readonly metadataBytes: number | undefined;
  readonly possession: 'have-all' | 'have-none' | 'nothing';
  readonly requests: 'serve' | 'reject' | 'ignore' | 'corrupt';
  /** For the first frames after the hello, one each; the others go out as they are. */
  readonly moves: readonly Move[];
}

/** Answers as a seeder does, and then lets the script have its way with every frame. */
export class UnrulyPeer {
  readonly #connection: HostileConnection;
  readonly #script: UnrulyScript;
  readonly #clock: Clock;
  readonly #answers: SeederAnswers;
  #held: { channel: LinkChannel; frame: Bytes; left: number }[] = [];
  #sent = 0;
  #silent = false;
  #isClosed = false;
  readonly #referee: Referee;

  constructor(connection: HostileConnection, script: UnrulyScript, contents: FilmContents, clock: Clock) {
    this.#connection = connection;
    this.#script = script;
    this.#clock = clock;
    this.#referee = new Referee(contents.info, connection.ownId);
    this.#answers = new SeederAnswers(contents);
    for (const frame of script.opening) this.#send('control', frame);
    const metadataBytes = script.metadataBytes ?? contents.info.infoBytes.length;
    this.#say({ type: 'hello', version: PROTOCOL_VERSION, peerId: connection.ownId, metadataBytes });
    connection.listen({
      onControl: (message) => {
        this.#referee.received(message);
        for (const one of singly(message)) this.#answer(one);
      },
      onClose: () => void (this.#isClosed = true),
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whom it is linked to. */
  get peerId(): PeerId {
    return this.#connection.peerId;
  }

  /** The rule it broke first. */
  get offence(): string | undefined {
    return this.#referee.offence;
  }

  #answer(message: SingleMessage): void {
    const { possession, requests } = this.#script;
    if (message.type === 'hello' && possession !== 'have-all') {
      if (possession === 'have-none') this.#say({ type: 'have-none' });
      return;
    }
    if (message.type === 'request' && requests !== 'serve') {
      const { piece, offsetBytes, lengthBytes } = message;
      if (requests === 'ignore') return;
      if (requests === 'reject') return this.#say({ type: 'reject', piece, offsetBytes, lengthBytes });
      const block = this.#answers.block(message);
      block[0] = (block[0] ?? 0) ^ 1;
      return this.#out('bulk', encodeBlock(piece, offsetBytes, block));
    }
    const answer = this.#answers.to(message);
    if (answer !== undefined) this.#out(answer.channel, answer.frame);
  }

  #say(message: ControlMessage): void {
    this.#out('control', encodeControl(message));
  }

  #out(channel: LinkChannel, frame: Bytes): void {
    const move = this.#script.moves[this.#sent++] ?? { kind: 'as-it-is' };
    if (this.#silent) return;
    switch (move.kind) {
      case 'as-it-is':
        this.#send(channel, frame);
        break;
      case 'drop':
        break;
      case 'other-channel':
        this.#send(channel === 'bulk' ? 'control' : 'bulk', frame);
        break;
      case 'vanish':
        return this.#connection.link.close('it vanishes');
      case 'silence':
        this.#silent = true;
        return;
      case 'repeat':
        for (let times = 0; times < move.times; times++) this.#send(channel, frame);
        break;
      case 'cut':
        this.#send(channel, frame.slice(0, move.at % (frame.length + 1)));
        break;
      case 'flip': {
        const changed = frame.slice();
        const at = move.at % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        this.#send(channel, changed);
        break;
      }
      case 'hold':
        this.#held.push({ channel, frame, left: move.frames });
        break;
      case 'late':
        this.#clock.after(move.ms, () => this.#send(channel, frame));
        break;
      case 'flood':
        this.#send(channel, frame);
        for (let times = Math.min(move.times, FLOOD_BYTES / move.frame.length); times > 0; times--) this.#send(move.channel, move.frame);
    }
    this.#release();
  }

  #release(): void {
    const due = this.#held.filter((held) => held.left-- <= 0);
    this.#held = this.#held.filter((held) => !due.includes(held));
    for (const { channel, frame } of due) this.#send(channel, frame);
  }

  #send(channel: LinkChannel, frame: Bytes): void {
    if (this.#isClosed) return;
    this.#referee.sent(channel, frame);
    this.#connection.link.send(channel, frame);
  }
}
