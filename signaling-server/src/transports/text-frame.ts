const FINAL_TEXT = 0x81;
const LENGTH_OF_16_BITS = 126;
const LENGTH_OF_64_BITS = 127;
const MAX_16_BITS = 0xffff;

/**
 * The bytes of a frame that carries a whole text message from a server (RFC 6455, section 5.2: unmasked, not compressed), but for the text
 * itself, which is for the caller to write. In one piece with it: the library writes the head of a frame and what is in it one by one.
 */
export interface EmptyFrame {
  readonly bytes: Buffer;
  /** Where the text begins. */
  readonly textAt: number;
}

export function emptyTextFrame(textBytes: number): EmptyFrame {
  const textAt = textBytes < LENGTH_OF_16_BITS ? 2 : textBytes <= MAX_16_BITS ? 4 : 10;
  const bytes = Buffer.allocUnsafe(textAt + textBytes);
  bytes[0] = FINAL_TEXT;
  if (textAt === 2) bytes[1] = textBytes;
  else if (textAt === 4) {
    bytes[1] = LENGTH_OF_16_BITS;
    bytes.writeUInt16BE(textBytes, 2);
  } else {
    bytes[1] = LENGTH_OF_64_BITS;
    bytes.writeUInt32BE(0, 2);
    bytes.writeUInt32BE(textBytes, 6);
  }
  return { bytes, textAt };
}

export function textFrame(text: string): Buffer {
  const { bytes, textAt } = emptyTextFrame(Buffer.byteLength(text));
  bytes.write(text, textAt);
  return bytes;
}
