import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  inNextCorner,
  movedBy,
  movedTo,
  nextSize,
  resizedBy,
  resizedTo,
  unfilledAt,
  widenedBy,
  type Edge,
} from '@/src/page/overlay-change';
import { boxOf, type Box, type OverlayPlace, type Room } from '@/src/page/overlay-place';

const ROOM: Room = { widthPx: 1280, heightPx: 800, headerPx: 40, isRightToLeft: false };
const STANDARD = boxOf({ mode: 'window' }, ROOM);

const length = fc.integer({ min: 0, max: 5_000 });
const rooms = fc.record({
  widthPx: fc.integer({ min: 160, max: 4_000 }),
  heightPx: fc.integer({ min: 60, max: 3_000 }),
  headerPx: fc.constantFrom(30, 40, 60),
  isRightToLeft: fc.boolean(),
});
const places: fc.Arbitrary<OverlayPlace> = fc.record(
  {
    mode: fc.constantFrom('window', 'mini', 'fill'),
    leftPx: length,
    topPx: length,
    widthPx: length,
    corner: fc.record({ atRight: fc.boolean(), atBottom: fc.boolean() }),
  },
  { requiredKeys: ['mode'] },
);
const edges: fc.Arbitrary<Edge> = fc.record({ x: fc.constantFrom(-1, 0, 1), y: fc.constantFrom(-1, 0, 1) });
const way = fc.integer({ min: -5_000, max: 5_000 });

function expectInside(box: Box, room: Room): void {
  expect(box.leftPx).toBeGreaterThanOrEqual(0);
  expect(box.topPx).toBeGreaterThanOrEqual(0);
  // Sums of fractions.
  expect(box.leftPx + box.widthPx).toBeLessThanOrEqual(room.widthPx + 1e-6);
  expect(box.topPx + box.heightPx).toBeLessThanOrEqual(room.heightPx + 1e-6);
  expect(box.heightPx).toBeGreaterThanOrEqual(room.headerPx);
}

function ratioOf(box: Box): number {
  return box.widthPx / (box.heightPx - ROOM.headerPx);
}

describe('in whatever window', () => {
  test('all of the overlay is there, wherever the viewer wants it', () => {
    fc.assert(fc.property(places, rooms, (place, room) => expectInside(boxOf(place, room), room)));
  });

  test('it stays there whatever is done to it', () => {
    fc.assert(
      fc.property(places, rooms, edges, way, way, (place, room, edge, xPx, yPx) => {
        const box = boxOf(place, room);
        const changed = [movedBy(box, xPx, yPx, room), widenedBy(box, xPx, room), nextSize(box, room), inNextCorner(box, room)];
        for (const after of [...changed, boxOf(unfilledAt(Math.abs(xPx), place, room), room)]) expectInside(after, room);
        if (place.mode === 'window') expectInside(resizedBy(box, edge, xPx, yPx, room), room);
      }),
    );
  });

  test('what the viewer made of it is where it is shown next', () => {
    fc.assert(
      fc.property(places, edges, way, way, (place, edge, xPx, yPx) => {
        const start = boxOf({ ...place, mode: 'window' }, ROOM);
        const moved = movedBy(start, xPx, yPx, ROOM);
        expect(boxOf(movedTo(moved, { ...place, mode: 'window' }, ROOM), ROOM).leftPx).toBeCloseTo(moved.leftPx, -0.5);
        const resized = resizedBy(start, edge, xPx, yPx, ROOM);
        const shown = boxOf(resizedTo(resized, place, ROOM), ROOM);
        for (const side of ['leftPx', 'topPx', 'widthPx', 'heightPx'] as const)
          expect(Math.abs(shown[side] - resized[side])).toBeLessThan(2);
      }),
    );
  });
});

describe('a window over the page', () => {
  test('is in the middle at first, 16:9 below its header', () => {
    expect(STANDARD).toEqual({ leftPx: 160, topPx: 110, widthPx: 960, heightPx: 580 });
    expect(ratioOf(STANDARD)).toBeCloseTo(16 / 9);
  });

  test('leaves a margin of the page until the viewer makes it as large as the window', () => {
    const low = { ...ROOM, heightPx: 500 };
    expect(boxOf({ mode: 'window' }, low).heightPx).toBeCloseTo(460);
    expect(boxOf({ mode: 'window', widthPx: 5_000 }, low).heightPx).toBe(500);
  });

  test('is where it was again once the window is as large as it was', () => {
    const place: OverlayPlace = { mode: 'window', leftPx: 700, topPx: 300, widthPx: 560 };
    expect(boxOf(place, { ...ROOM, widthPx: 400, heightPx: 300 })).toMatchObject({ leftPx: 0, topPx: 0, widthPx: 400, heightPx: 300 });
    expect(boxOf(place, ROOM)).toMatchObject({ leftPx: 700, topPx: 300, widthPx: 560 });
  });

  test('has room for words in a narrow window', () => {
    const narrow = { ...ROOM, widthPx: 320 };
    expect(boxOf({ mode: 'window' }, narrow)).toMatchObject({ widthPx: 320, heightPx: 360 });
    expect(boxOf({ mode: 'window', widthPx: 600 }, narrow)).toMatchObject({ widthPx: 320, heightPx: 360 });
  });

  test.each([
    ['right', { x: 1, y: 0 }, -100, 50, { leftPx: 160, topPx: 110, widthPx: 860 }],
    ['left', { x: -1, y: 0 }, 100, 0, { leftPx: 260, topPx: 110, widthPx: 860 }],
    ['bottom', { x: 0, y: 1 }, 0, -90, { leftPx: 160, topPx: 110, widthPx: 800 }],
    ['top', { x: 0, y: -1 }, 0, 90, { leftPx: 160, topPx: 200, widthPx: 800 }],
    ['bottom right corner', { x: 1, y: 1 }, -160, -20, { leftPx: 160, topPx: 110, widthPx: 800 }],
    ['top left corner', { x: -1, y: -1 }, 10, 90, { leftPx: 320, topPx: 200, widthPx: 800 }],
    ['right, too far in', { x: 1, y: 0 }, -5_000, 0, { leftPx: 160, topPx: 110, widthPx: 320, heightPx: 220 }],
    ['right, too far out', { x: 1, y: 0 }, 5_000, 0, { leftPx: 160, topPx: 110, widthPx: 1_120 }],
    ['left, too far in', { x: -1, y: 0 }, 5_000, 0, { leftPx: 800, topPx: 110, widthPx: 320 }],
    ['top, too far out', { x: 0, y: -1 }, 0, -5_000, { leftPx: 160, topPx: 20, widthPx: 1_120 }],
  ] satisfies [string, Edge, number, number, Partial<Box>][])('drawn by its %s keeps 16:9', (_side, edge, xPx, yPx, expected) => {
    const resized = resizedBy(STANDARD, edge, xPx, yPx, ROOM);
    expect(resized).toMatchObject(expected);
    expect(ratioOf(resized)).toBeCloseTo(16 / 9);
  });

  test('gives way to the left and up when steps make it larger than there is room for', () => {
    const box = boxOf({ mode: 'window', leftPx: 900, topPx: 500, widthPx: 360 }, ROOM);
    expect(widenedBy(box, 320, ROOM)).toMatchObject({ leftPx: 600, widthPx: 680 });
    expect(widenedBy(box, -320, ROOM)).toMatchObject({ leftPx: 900, widthPx: 320 });
  });

  test('takes one size after the other, and the smallest after the largest', () => {
    const widths: number[] = [];
    for (let box = STANDARD; widths.length < 5; widths.push(box.widthPx)) box = nextSize(box, ROOM);
    expect(widths).toEqual([1_280, 320, 480, 720, 960]);
  });

  test('takes one corner after the other, clockwise', () => {
    const corners: string[] = [];
    let box = boxOf({ mode: 'window', leftPx: 0, topPx: 0, widthPx: 480 }, ROOM);
    for (let count = 0; count < 4; count++) {
      box = inNextCorner(box, ROOM);
      corners.push(`${box.leftPx} ${box.topPx}`);
    }
    expect(corners).toEqual(['788 12', '788 478', '12 478', '12 12']);
  });

  test('goes up and down where it is as wide as the window', () => {
    const narrow = { ...ROOM, widthPx: 320 };
    const low = inNextCorner(boxOf({ mode: 'window', topPx: 0 }, narrow), narrow);
    expect(low.topPx).toBe(428);
    expect(inNextCorner(low, narrow).topPx).toBe(12);
  });
});

describe('a mini player', () => {
  test('is at the bottom where lines end', () => {
    expect(boxOf({ mode: 'mini' }, ROOM)).toEqual({ leftPx: 908, topPx: 545.5, widthPx: 360, heightPx: 242.5 });
    expect(boxOf({ mode: 'mini' }, { ...ROOM, isRightToLeft: true }).leftPx).toBe(12);
  });

  test('leaves half of the height of a low window to the page, as far as its buttons allow', () => {
    expect(boxOf({ mode: 'mini' }, { ...ROOM, heightPx: 400 }).heightPx).toBeCloseTo(200);
    expect(boxOf({ mode: 'mini' }, { ...ROOM, widthPx: 320, heightPx: 200 })).toMatchObject({ widthPx: 216, heightPx: 161.5 });
  });

  test('goes into the corner that is nearest to where it was let go', () => {
    const box = boxOf({ mode: 'mini' }, ROOM);
    const up = movedTo(movedBy(box, -100, -400, ROOM), { mode: 'mini' }, ROOM);
    expect(up).toEqual({ mode: 'mini', corner: { atRight: true, atBottom: false } });
    expect(boxOf(up, ROOM)).toMatchObject({ leftPx: 908, topPx: 12 });
  });
});

test('a filled window that is dragged becomes a smaller one below the pointer', () => {
  expect(boxOf({ mode: 'fill' }, ROOM)).toEqual({ leftPx: 0, topPx: 0, widthPx: 1_280, heightPx: 800 });
  const place = unfilledAt(960, { mode: 'fill', widthPx: 640 }, ROOM);
  expect(place).toMatchObject({ mode: 'window', widthPx: 640 });
  // Three quarters of the way, before and after.
  expect(boxOf(place, ROOM)).toMatchObject({ leftPx: 480, topPx: 0 });
});
