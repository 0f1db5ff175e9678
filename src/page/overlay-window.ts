import type { KeptPlace } from './kept-place';
import { boxOf, type Box, type OverlayMode, type OverlayPlace, type Room } from './overlay-place';

export interface WindowParts {
  readonly section: HTMLElement;
  readonly stage: HTMLElement;
  /** As large as the window without its scroll bars, whatever quirks mode makes of the page's root. */
  readonly bounds: HTMLElement;
}

/**
 * Lays the overlay out where the viewer wants it and the window allows. Only styles change: a frame that is moved in the tree loads anew,
 * and its film with it. Nothing is animated.
 */
export class OverlayWindow {
  readonly #parts: WindowParts;
  readonly #kept: KeptPlace;
  readonly #signal: AbortSignal;
  #place: OverlayPlace;
  #box: Box = { leftPx: 0, topPx: 0, widthPx: 0, heightPx: 0 };
  #onMode: (mode: OverlayMode) => void = () => undefined;

  constructor(parts: WindowParts, kept: KeptPlace, signal: AbortSignal) {
    this.#parts = parts;
    this.#kept = kept;
    this.#signal = signal;
    this.#place = kept.current;
  }

  /** Once the parts are in the page. @param onMode called with the first mode and whenever it may be another */
  open(onMode: (mode: OverlayMode) => void): void {
    this.#onMode = onMode;
    this.#lay(this.#place);
    // The window is resized, or the page zoomed.
    const resized = new ResizeObserver(() => this.#lay(this.#place));
    resized.observe(this.#parts.bounds);
    this.#signal.addEventListener('abort', () => resized.disconnect(), { once: true });
    void this.#layAsKept();
  }

  get place(): OverlayPlace {
    return this.#place;
  }

  /** Where it is shown, which may be on the way. */
  get box(): Box {
    return this.#box;
  }

  /** What a step begins with: of a filled window, where it was before. */
  movableBox(): Box {
    return this.#place.mode === 'fill' ? boxOf({ ...this.#place, mode: 'window' }, this.room()) : this.#box;
  }

  room(): Room {
    const { section, stage, bounds } = this.#parts;
    return {
      widthPx: bounds.offsetWidth,
      heightPx: bounds.offsetHeight,
      headerPx: section.offsetHeight - stage.offsetHeight,
      isRightToLeft: getComputedStyle(bounds).direction === 'rtl',
    };
  }

  /** By how much a page's own `zoom` makes a pixel in here larger than one of a pointer's. */
  zoom(): number {
    const { bounds } = this.#parts;
    return bounds.offsetWidth > 0 ? bounds.getBoundingClientRect().width / bounds.offsetWidth : 1;
  }

  /** For now; the next change of the window takes it back to its place. */
  show(box: Box): void {
    this.#box = box;
    const { style } = this.#parts.section;
    const [left, top] = [Math.round(box.leftPx), Math.round(box.topPx)];
    // Unlike `left` and `top`, that is no layout shift which the page would find in its own figures.
    style.translate = `${left}px ${top}px`;
    style.width = `${Math.round(box.leftPx + box.widthPx) - left}px`;
    style.height = `${Math.round(box.topPx + box.heightPx) - top}px`;
  }

  /** For good, also for the next film. */
  put(place: OverlayPlace): void {
    this.#lay(place);
    this.#kept.keep(place);
  }

  async #layAsKept(): Promise<void> {
    const place = await this.#kept.load();
    if (place !== undefined && !this.#signal.aborted) this.#lay(place);
  }

  #lay(place: OverlayPlace): void {
    this.#place = place;
    this.#parts.section.dataset['mode'] = place.mode;
    this.show(boxOf(place, this.room()));
    this.#onMode(place.mode);
  }
}
