import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { WireLimits } from './wire-limits';

export interface WireGuardOptions {
  readonly infoHash: InfoHash;
  readonly limits?: Partial<WireLimits>;
  forward(chunk: Bytes): void;
  reply(message: Bytes): void;
  onOffence(reason: string): void;
}

export class WireGuard {
  readonly #options: WireGuardOptions;
  mostRequestedBytes = 64 * 1024 * 1024;
  constructor(options: WireGuardOptions) {
    this.#options = options;
  }
  receive(chunk: Bytes): void {
    this.#options.forward(chunk);
  }
  sending(_chunk: Bytes): void {}
  sent(): void {}
}
