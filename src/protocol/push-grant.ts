/*
 * What a newcomer allows whoever takes its offer: to send the info dictionary and the head of the film unasked (SPEC section N). It travels
 * with the offer, so that it is known before there is a connection.
 */

export interface PushGrant {
  /** Of dictionary and blocks together, from 1 to MAX_PUSH_BYTES. */
  readonly bytes: number;
  /** What the link asks for by itself; undefined for the file that plays by itself. */
  readonly fileIndex: number | undefined;
}

/** SPEC N1. A newcomer's connection brings so much in about five round trips. */
export const MAX_PUSH_BYTES = 256 * 1024;

/** An attribute that no program knows is passed over in a session description (RFC 8866, section 5.13). */
const LINE = /a=x-lodestream-push:(\d{1,7}) (\d{1,7}|-)\r\n$/;

export function withPushGrant(description: string, { bytes, fileIndex }: PushGrant): string {
  return `${description}a=x-lodestream-push:${bytes} ${fileIndex ?? '-'}\r\n`;
}

/** The description as it was, and the grant if there is one. */
export function takePushGrant(text: string): { readonly description: string; readonly grant: PushGrant | undefined } {
  // A search from every place of 64 KiB for what can only be at the end would take long.
  const found = LINE.exec(text.slice(-64));
  if (found === null) return { description: text, grant: undefined };
  const [line, bytesText, fileText] = found;
  const bytes = Math.min(MAX_PUSH_BYTES, Number(bytesText));
  const grant = bytes === 0 ? undefined : { bytes, fileIndex: fileText === '-' ? undefined : Number(fileText) };
  return { description: text.slice(0, text.length - line.length), grant };
}
