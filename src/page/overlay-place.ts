/** Where the overlay lies in the window: geometry only, in CSS pixels. */

export const PICTURE_RATIO = 16 / 9;
const DEFAULT_WIDTH_PX = 960;
/** Of a window that is not small, until the viewer makes the overlay larger. */
const DEFAULT_SHARE = 0.92;
export const MIN_WIDTH_PX = 320;
/** In a window that leaves less than the wished width, words need the height that the picture does not. */
const NARROW_STAGE_PX = 320;
/** What the header's buttons need, however small the window. */
const TINY_WIDTH_PX = 216;
const MINI_WIDTH_PX = 360;
/** Between a corner of the window and the overlay in it. */
export const GAP_PX = 12;

/** The window, and what of it the header takes. */
export interface Room {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly headerPx: number;
  readonly isRightToLeft: boolean;
}

export interface Box {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

type Size = Pick<Box, 'widthPx' | 'heightPx'>;

export interface Corner {
  readonly atRight: boolean;
  readonly atBottom: boolean;
}

export type OverlayMode = 'window' | 'mini' | 'fill';

/** What the viewer wants, whatever the window allows: in a larger one it is there again. */
export interface OverlayPlace {
  readonly mode: OverlayMode;
  /** Of the mode `window`; without them it is in the middle, and as large as is good to watch. */
  readonly leftPx?: number;
  readonly topPx?: number;
  readonly widthPx?: number;
  /** Of the mode `mini`; default: where a line of the page's text ends, at the bottom. */
  readonly corner?: Corner;
}

/** The stage is 16:9, and higher only where a narrow window would leave words no room. */
export function sizeFor(wishedPx: number, room: Room, share = 1, minPx = MIN_WIDTH_PX): Size {
  const [roomPx, stageRoomPx] = [shareOf(room.widthPx, share), Math.max(shareOf(room.heightPx, share) - room.headerPx, 0)];
  const fittingPx = Math.min(Math.max(wishedPx, minPx), roomPx, stageRoomPx * PICTURE_RATIO);
  const widthPx = Math.max(fittingPx, Math.min(TINY_WIDTH_PX, room.widthPx));
  const wordsPx = wishedPx > roomPx ? NARROW_STAGE_PX : 0;
  const stagePx = Math.min(Math.max(widthPx / PICTURE_RATIO, wordsPx), stageRoomPx);
  return { widthPx, heightPx: room.headerPx + stagePx };
}

function shareOf(windowPx: number, share: number): number {
  return Math.max(windowPx * share, Math.min(windowPx, MIN_WIDTH_PX));
}

/** All of it in the window; where that is too small, its header. */
export function inside(box: Box, room: Room): Box {
  return {
    ...box,
    leftPx: clamp(box.leftPx, 0, room.widthPx - box.widthPx),
    topPx: clamp(box.topPx, 0, room.heightPx - box.heightPx),
  };
}

export function boxOf(place: OverlayPlace, room: Room): Box {
  switch (place.mode) {
    case 'fill':
      return { leftPx: 0, topPx: 0, widthPx: room.widthPx, heightPx: room.heightPx };
    case 'mini': {
      const halfPx = (room.heightPx / 2 - room.headerPx) * PICTURE_RATIO;
      const wishedPx = Math.min(MINI_WIDTH_PX, room.widthPx - 2 * GAP_PX, halfPx);
      return inCorner(sizeFor(wishedPx, room, 1, 0), place.corner ?? { atRight: !room.isRightToLeft, atBottom: true }, room);
    }
    case 'window': {
      const size = place.widthPx === undefined ? sizeFor(DEFAULT_WIDTH_PX, room, DEFAULT_SHARE) : sizeFor(place.widthPx, room);
      const leftPx = place.leftPx ?? (room.widthPx - size.widthPx) / 2;
      return inside({ ...size, leftPx, topPx: place.topPx ?? (room.heightPx - size.heightPx) / 2 }, room);
    }
  }
}

export function cornerOf(box: Box, room: Room): Corner {
  return { atRight: box.leftPx * 2 + box.widthPx > room.widthPx, atBottom: box.topPx * 2 + box.heightPx > room.heightPx };
}

export function inCorner(size: Size, { atRight, atBottom }: Corner, room: Room): Box {
  const leftPx = atRight ? room.widthPx - size.widthPx - GAP_PX : GAP_PX;
  return inside({ ...size, leftPx, topPx: atBottom ? room.heightPx - size.heightPx - GAP_PX : GAP_PX }, room);
}

export function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least);
}
