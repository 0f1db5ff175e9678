import { Duplex } from 'streamx';

/** One end of a pipe in memory, as the WebTorrent library takes peers. */
export class DuplexEnd extends Duplex {
  readonly id: string;
  readonly connected = true;
  #other: DuplexEnd | undefined;

  constructor(id: string) {
    super();
    this.id = id;
    this.on('error', () => undefined);
    this.on('close', () => this.#other?.destroy());
  }

  static pair(): [DuplexEnd, DuplexEnd] {
    const left = new DuplexEnd('left');
    const right = new DuplexEnd('right');
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  override _write(bytes: Uint8Array, done: (error: Error | null) => void): void {
    this.#other?.push(bytes.slice());
    done(null);
  }
}
