/**
 * The part of the Socket.IO protocol (revision 5) that signaling speaks: text packets of the main namespace. Given to both libraries as
 * their `parser`, for two reasons their own gives: it collects binary attachments before anything can be validated, and it lets packets
 * without data through, on which the client library throws where nobody can catch (one frame `4` ends a Node process).
 * https://github.com/socketio/socket.io-protocol
 */
export const PACKET_TYPE = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const;
export type PacketType = (typeof PACKET_TYPE)[keyof typeof PACKET_TYPE];

export interface Packet {
  readonly type: PacketType;
  readonly nsp: '/';
  /** Asks for, or is, the acknowledgement of that number. */
  readonly id?: number;
  readonly data?: unknown;
}

type PacketListener = (packet: Packet) => void;

/** Names with a meaning inside the libraries, which no remote side may trigger. */
const RESERVED_EVENTS = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);
const PACKET_PATTERN = /^([0-4])(\d{1,9})?([[{].*)?$/s;

/** @throws {SyntaxError} for anything but a whole packet of an accepted type. */
export function decodePacket(text: unknown, accepted: readonly PacketType[]): Packet {
  const [, digit, id, json] = (typeof text === 'string' ? PACKET_PATTERN.exec(text) : null) ?? [];
  const type = accepted.find((candidate) => String(candidate) === digit);
  if (type === undefined) throw new SyntaxError('not a packet of an accepted type');
  const data: unknown = json === undefined ? undefined : JSON.parse(json);
  if (!fits(type, id, data)) throw new SyntaxError('a packet without the data of its type');
  return { type, nsp: '/', ...(id === undefined ? {} : { id: Number(id) }), ...(data === undefined ? {} : { data }) };
}

export function encodePacket({ type, id, data }: Pick<Packet, 'type' | 'id' | 'data'>): string {
  return `${type}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`;
}

/** The `parser` option of one side, which names the packets that side ever has reason to receive. */
export function createPacketParser(accepted: readonly PacketType[]) {
  class Decoder {
    readonly #listeners = new Set<PacketListener>();

    add(text: unknown): void {
      const packet = decodePacket(text, accepted);
      for (const listener of this.#listeners) listener(packet);
    }

    on(_event: 'decoded', listener: PacketListener): void {
      this.#listeners.add(listener);
    }

    off(_event: 'decoded', listener: PacketListener): void {
      this.#listeners.delete(listener);
    }

    removeListener(event: 'decoded', listener: PacketListener): void {
      this.off(event, listener);
    }

    /** Part of the libraries' interface: nothing is ever half decoded here. */
    destroy(): void {}
  }

  class Encoder {
    encode(packet: Packet): string[] {
      return [encodePacket(packet)];
    }
  }

  return { Decoder, Encoder };
}

function fits(type: PacketType, id: string | undefined, data: unknown): boolean {
  switch (type) {
    case PACKET_TYPE.connect:
      return id === undefined && (data === undefined || isRecord(data));
    case PACKET_TYPE.disconnect:
      return id === undefined && data === undefined;
    case PACKET_TYPE.event:
      return Array.isArray(data) && typeof data[0] === 'string' && !RESERVED_EVENTS.has(data[0]);
    case PACKET_TYPE.ack:
      return id !== undefined && Array.isArray(data);
    case PACKET_TYPE.connectError:
      return id === undefined && isRecord(data) && typeof data['message'] === 'string';
    default:
      return type satisfies never;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
