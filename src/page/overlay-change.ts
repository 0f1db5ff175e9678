import {
  boxOf,
  clamp,
  cornerOf,
  GAP_PX,
  inCorner,
  inside,
  MIN_WIDTH_PX,
  PICTURE_RATIO,
  sizeFor,
  type Box,
  type OverlayPlace,
  type Room,
} from './overlay-place';

/** How the viewer's hand changes where the overlay lies: geometry only. */

const WIDTHS_PX: readonly number[] = [MIN_WIDTH_PX, 480, 720, 960, Infinity];

/** Which side of a box is dragged: -1 its left or top, 1 its right or bottom. */
export interface Edge {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** A filled window that is taken by its header at `xPx` becomes one below the pointer. */
export function unfilledAt(xPx: number, place: OverlayPlace, room: Room): OverlayPlace {
  const windowed = { ...place, mode: 'window' } as const;
  const box = boxOf(windowed, room);
  return movedTo({ ...box, leftPx: xPx * (1 - box.widthPx / room.widthPx), topPx: 0 }, windowed, room);
}

export function movedBy(box: Box, xPx: number, yPx: number, room: Room): Box {
  return inside({ ...box, leftPx: box.leftPx + xPx, topPx: box.topPx + yPx }, room);
}

/** The side across from the dragged one stays where it is. */
export function resizedBy(box: Box, edge: Edge, xPx: number, yPx: number, room: Room): Box {
  const widerPx = edge.x * xPx;
  const higherPx = edge.y * yPx * PICTURE_RATIO;
  const wishedPx = box.widthPx + (Math.abs(widerPx) > Math.abs(higherPx) ? widerPx : higherPx);
  const rightPx = box.leftPx + box.widthPx;
  const bottomPx = box.topPx + box.heightPx;
  const widthPx = edge.x < 0 ? rightPx : room.widthPx - box.leftPx;
  const heightPx = edge.y < 0 ? bottomPx : room.heightPx - box.topPx;
  const size = sizeFor(Math.max(Math.min(wishedPx, widthPx), 0), { ...room, widthPx, heightPx });
  const leftPx = edge.x < 0 ? rightPx - size.widthPx : box.leftPx;
  return { ...size, leftPx, topPx: edge.y < 0 ? bottomPx - size.heightPx : box.topPx };
}

/** For who drags no side: the top left stays as long as the rest fits. */
export function widenedBy(box: Box, byPx: number, room: Room): Box {
  return inside({ ...box, ...sizeFor(clamp(box.widthPx + byPx, 0, room.widthPx), room) }, room);
}

/** The next of a few sizes; after the largest comes the smallest. */
export function nextSize(box: Box, room: Room): Box {
  const widths = WIDTHS_PX.map((widthPx) => sizeFor(Math.min(widthPx, room.widthPx), room).widthPx);
  const [smallest = box.widthPx] = widths;
  const next = widths.find((widthPx) => widthPx > box.widthPx + 1) ?? smallest;
  return widenedBy(box, next - box.widthPx, room);
}

/** Clockwise; up and down where there is no room beside it. */
export function inNextCorner(box: Box, room: Room): Box {
  const { atRight, atBottom } = cornerOf(box, room);
  const isAsWide = room.widthPx - box.widthPx <= 4 * GAP_PX;
  return inCorner(box, { atRight: !atBottom, atBottom: isAsWide ? !atBottom : atRight }, room);
}

/** What the viewer wants who has moved the overlay there. */
export function movedTo(box: Box, place: OverlayPlace, room: Room): OverlayPlace {
  if (place.mode === 'mini') return { ...place, corner: cornerOf(box, room) };
  return { ...place, mode: 'window', leftPx: box.leftPx, topPx: box.topPx };
}

/** What the viewer wants who has made it that large. */
export function resizedTo(box: Box, place: OverlayPlace, room: Room): OverlayPlace {
  return { ...movedTo(box, { ...place, mode: 'window' }, room), widthPx: box.widthPx };
}
