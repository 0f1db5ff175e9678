import { WIRE_EXTENSION } from '@/src/protocol/wire-signals';

export interface LodestreamWire {
  /** The peer speaks the extension, too: from now on it can be sent to. Called again when it repeats its handshake. */
  onReady(): void;
  onMessage(message: Uint8Array): void;
}

/** Our extension (BEP 10, SPEC section W) as the library's wires take it. */
export function lodestreamExtension(wire: LodestreamWire): new () => object {
  class LodestreamExtension {
    onExtendedHandshake(): void {
      wire.onReady();
    }

    onMessage(message: Uint8Array): void {
      wire.onMessage(message);
    }
  }
  // The library asks the prototype for the name, where a class cannot put one.
  Object.defineProperty(LodestreamExtension.prototype, 'name', { value: WIRE_EXTENSION });
  return LodestreamExtension;
}
