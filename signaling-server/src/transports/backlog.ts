interface Emitter {
  on(event: string, listener: () => void): unknown;
}

/** What the library's connection tells of its own buffer. */
interface Buffered extends Emitter {
  readonly transport: Emitter;
}

/** Counts the bytes a client has not taken yet: those that wait for the last write to end, and those in that write. */
export class Backlog {
  #waitingBytes = 0;
  #inFlightBytes = 0;

  constructor(connection: Buffered) {
    connection.on('flush', () => {
      this.#inFlightBytes = this.#waitingBytes;
      this.#waitingBytes = 0;
    });
    connection.transport.on('drain', () => {
      this.#inFlightBytes = 0;
    });
  }

  get bytes(): number {
    return this.#waitingBytes + this.#inFlightBytes;
  }

  /** To be called before the bytes are written. */
  add(bytes: number): void {
    this.#waitingBytes += bytes;
  }
}
