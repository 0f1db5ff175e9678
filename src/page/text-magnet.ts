import { magnetInText } from '@/src/protocol/magnet-in-text';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import type { BesidePlace } from './beside-button';

export interface WrittenMagnet {
  readonly magnet: string;
  /** Where its last line ends. */
  readonly end: BesidePlace;
}

/** What a click on means something of its own. */
const OTHERS = 'a[href], area[href], button, input, select, textarea, label, summary, [contenteditable]';
const SCHEME = /\bmagnet:\?/gi;

/** Whether a magnet link may be written in an element itself, rather than in one inside it. */
export function holdsTextMagnet(target: EventTarget | undefined): target is Element {
  if (!(target instanceof Element) || target.closest(OTHERS) !== null) return false;
  for (const child of target.childNodes) if (child instanceof Text && child.data.search(SCHEME) !== -1) return true;
  return false;
}

/** The magnet link that is written, as plain text and in one piece, under the pointer. */
export function textMagnetAt(page: Document, event: MouseEvent): WrittenMagnet | undefined {
  const place = caretAt(page, event.clientX, event.clientY);
  if (!(place?.node instanceof Text)) return undefined;
  const written = magnetAround(place.node.data, place.offset);
  if (written === undefined) return undefined;
  const range = page.createRange();
  range.setStart(place.node, written.start);
  range.setEnd(place.node, written.start + written.magnet.length);
  const lines = [...range.getClientRects()];
  // The nearest text is told of even where the click is beside it.
  const isOnIt = lines.some(({ left, right, top, bottom }) => {
    return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  });
  const last = lines.at(-1);
  if (!isOnIt || last === undefined) return undefined;
  return { magnet: written.magnet, end: last };
}

/** The magnet link in a text that reaches over this place in it. */
export function magnetAround(text: string, offset: number): { readonly magnet: string; readonly start: number } | undefined {
  const from = Math.max(0, offset - MAX_MAGNET_CHARS);
  const before = [...text.slice(from, offset + 'magnet:?'.length).matchAll(SCHEME)].at(-1);
  if (before === undefined) return undefined;
  const start = from + before.index;
  const magnet = magnetInText(text.slice(start, start + MAX_MAGNET_CHARS));
  return magnet === undefined || offset > start + magnet.length ? undefined : { magnet, start };
}

function caretAt(page: Document, x: number, y: number): { readonly node: Node; readonly offset: number } | undefined {
  // Chromium has the standard's call from version 128 on.
  const { caretPositionFromPoint, caretRangeFromPoint } = page as Partial<Pick<Document, 'caretPositionFromPoint' | 'caretRangeFromPoint'>>;
  const position = caretPositionFromPoint?.call(page, x, y);
  if (position !== null && position !== undefined) return { node: position.offsetNode, offset: position.offset };
  const range = caretRangeFromPoint?.call(page, x, y);
  return range === null || range === undefined ? undefined : { node: range.startContainer, offset: range.startOffset };
}
