/** What a press that trembles stays below. */
const THRESHOLD_PX = 3;

export interface Drag {
  /** @param xPx, yPx from where the pointer went down, in the window's pixels */
  move(xPx: number, yPx: number): void;
  /** The pointer was let go, or taken by the system. */
  end(): void;
}

/**
 * Hears an element be dragged, also beyond its bounds and those of the window (pointer capture); `data-held` meanwhile. A click at the end
 * of a drag is none.
 * @param begin called with the first movement
 */
export function onPointerDrag(target: HTMLElement, signal: AbortSignal, begin: (down: PointerEvent) => Drag): void {
  let wasDragged = false;
  target.addEventListener(
    'pointerdown',
    (down) => {
      wasDragged = false;
      if (!down.isPrimary || down.button !== 0 || !ownsPress(target, down)) return;
      const ended = new AbortController();
      const held = AbortSignal.any([signal, ended.signal]);
      let drag: Drag | undefined;
      target.setPointerCapture(down.pointerId);
      target.dataset['held'] = '';
      target.addEventListener(
        'pointermove',
        (event) => {
          if (event.pointerId !== down.pointerId) return;
          const [xPx, yPx] = [event.clientX - down.clientX, event.clientY - down.clientY];
          if (!wasDragged && Math.hypot(xPx, yPx) < THRESHOLD_PX) return;
          if (!wasDragged) drag = begin(down);
          wasDragged = true;
          drag?.move(xPx, yPx);
        },
        { signal: held },
      );
      const end = ({ pointerId }: PointerEvent): void => {
        if (pointerId !== down.pointerId) return;
        ended.abort();
        delete target.dataset['held'];
        drag?.end();
      };
      target.addEventListener('lostpointercapture', end, { signal: held });
      // In place of an element that the page has thrown out.
      target.ownerDocument.addEventListener('lostpointercapture', end, { signal: held });
    },
    { signal },
  );
  // By the pointer only: the keyboard's clicks are of detail 0.
  target.addEventListener('click', (event) => wasDragged && event.detail > 0 && event.stopImmediatePropagation(), {
    capture: true,
    signal,
  });
}

/** A button inside another draggable element is pressed for itself. */
function ownsPress(target: HTMLElement, down: PointerEvent): boolean {
  const button = down.target instanceof Element ? down.target.closest('button') : null;
  return button === null || button === target;
}
