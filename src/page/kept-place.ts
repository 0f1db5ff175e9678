import { browser } from 'wxt/browser';
import type { Corner, OverlayMode, OverlayPlace } from './overlay-place';

const KEY = 'overlayPlace';
const MODES: ReadonlySet<unknown> = new Set<OverlayMode>(['window', 'mini', 'fill']);
/** Larger than any screen. */
const MOST_PX = 100_000;
const DEFAULT_PLACE: OverlayPlace = { mode: 'window' };

/** Where the viewer left the overlay, for the next film: in this page at once, in others from the extension's storage. */
export class KeptPlace {
  #place: OverlayPlace | undefined;

  get current(): OverlayPlace {
    return this.#place ?? DEFAULT_PLACE;
  }

  /** Undefined when there is nothing newer than `current`. */
  async load(): Promise<OverlayPlace | undefined> {
    if (this.#place !== undefined) return undefined;
    // Storage is gone where the extension was updated; the overlay says so itself.
    const stored = await browser.storage.local.get(KEY).catch(() => ({}));
    // The viewer may have been faster.
    return this.#place === undefined ? (this.#place = placeFrom((stored as Record<string, unknown>)[KEY])) : undefined;
  }

  keep(place: OverlayPlace): void {
    this.#place = place;
    void browser.storage.local.set({ [KEY]: place }).catch(() => undefined);
  }
}

/** Checked by hand: a schema library is more than every page of the web should load for this. */
export function placeFrom(stored: unknown): OverlayPlace | undefined {
  if (!isRecord(stored) || !MODES.has(stored['mode'])) return undefined;
  const { mode, leftPx, topPx, widthPx, corner } = stored;
  return {
    mode: mode as OverlayMode,
    ...(isLength(leftPx) && isLength(topPx) ? { leftPx, topPx } : {}),
    ...(isLength(widthPx) ? { widthPx } : {}),
    ...(isCorner(corner) ? { corner: { atRight: corner.atRight, atBottom: corner.atBottom } } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST_PX;
}

function isCorner(value: unknown): value is Corner {
  return isRecord(value) && typeof value['atRight'] === 'boolean' && typeof value['atBottom'] === 'boolean';
}
