import { followSettings } from './follow-settings';
import { iconButton, showFace, type ButtonFace } from './icon-button';
import { inNextCorner, movedBy, movedTo, nextSize, resizedBy, resizedTo, unfilledAt, widenedBy, type Edge } from './overlay-change';
import type { Box, OverlayMode } from './overlay-place';
import type { OverlayWindow } from './overlay-window';
import { pageElement } from './page-element';
import { onPointerDrag, type Drag } from './pointer-drag';
import { readSingleKeys } from './single-keys';

const STEP_PX = 16;
const LARGE_STEP_PX = 96;
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** YouTube's, for its mini player and its theatre. */
const TOGGLE_KEYS: Readonly<Record<string, OverlayMode>> = { i: 'mini', t: 'fill' };
const EDGES: Readonly<Record<string, Edge>> = {
  n: { x: 0, y: -1 },
  e: { x: 1, y: 0 },
  s: { x: 0, y: 1 },
  w: { x: -1, y: 0 },
  ne: { x: 1, y: -1 },
  se: { x: 1, y: 1 },
  sw: { x: -1, y: 1 },
  nw: { x: -1, y: -1 },
};

/**
 * Asked for when the overlay opens: no page that plays nothing waits for them, and what a page shows it has, when the extension is gone.
 * A key that is switched off is not told of.
 */
function buttonFaces(singleKeys: boolean) {
  return {
    move: { icon: 'move', label: chrome.i18n.getMessage('overlay_move'), title: chrome.i18n.getMessage('overlay_moveHow') },
    resize: { icon: 'resize', label: chrome.i18n.getMessage('overlay_resize'), title: chrome.i18n.getMessage('overlay_resizeHow') },
    mini: {
      icon: 'mini',
      label: chrome.i18n.getMessage('overlay_mini'),
      title: chrome.i18n.getMessage(singleKeys ? 'overlay_miniKey' : 'overlay_mini'),
    },
    fill: {
      icon: 'fill',
      label: chrome.i18n.getMessage('overlay_fill'),
      title: chrome.i18n.getMessage(singleKeys ? 'overlay_fillKey' : 'overlay_fill'),
    },
    window: { icon: 'window', label: chrome.i18n.getMessage('overlay_window') },
  } as const satisfies Record<string, ButtonFace>;
}

/**
 * The buttons and edges by which the viewer moves and resizes the overlay: by pointer, by keyboard, and by single clicks (WCAG 2.2, 2.5.7).
 * @returns what shows a mode on the buttons, and what goes into a mode or back to a window
 */
export function addWindowControls(
  page: Document,
  section: HTMLElement,
  header: HTMLElement,
  overlay: OverlayWindow,
  signal: AbortSignal,
): { readonly showMode: (mode: OverlayMode) => void; readonly toggle: (mode: OverlayMode) => void } {
  const [faces, facesWithKeys] = [buttonFaces(false), buttonFaces(true)];
  // Not before the settings have been read, as in the player.
  let singleKeys = false;
  const move = iconButton(page, 'move', faces.move);
  const resize = iconButton(page, 'resize', faces.resize);
  const mini = iconButton(page, 'mini', faces.mini);
  const fill = iconButton(page, 'fill', faces.fill);
  header.append(move, resize, mini, fill);
  const edges = Object.entries(EDGES).map(([side, edge]) => ({ edge, handle: pageElement(page, 'div', { class: `edge ${side}` }) }));
  section.append(...edges.map(({ handle }) => handle));

  const moveTo = (box: Box): void => overlay.put(movedTo(box, overlay.place, overlay.room()));
  const resizeTo = (box: Box): void => overlay.put(resizedTo(box, overlay.place, overlay.room()));
  const toggle = (mode: OverlayMode): void => overlay.put({ ...overlay.place, mode: overlay.place.mode === mode ? 'window' : mode });

  const drag = (boxAt: (xPx: number, yPx: number) => Box, put: (box: Box) => void): Drag => ({
    move: (xPx, yPx) => overlay.show(boxAt(xPx / overlay.zoom(), yPx / overlay.zoom())),
    end: () => put(overlay.box),
  });
  const dragMove = (down: PointerEvent): Drag => {
    if (overlay.place.mode === 'fill') overlay.put(unfilledAt(down.clientX / overlay.zoom(), overlay.place, overlay.room()));
    const { box } = overlay;
    return drag((xPx, yPx) => movedBy(box, xPx, yPx, overlay.room()), moveTo);
  };
  for (const target of [header, move]) onPointerDrag(target, signal, dragMove);
  for (const { edge, handle } of edges) {
    onPointerDrag(handle, signal, () => {
      const { box } = overlay;
      return drag((xPx, yPx) => resizedBy(box, edge, xPx, yPx, overlay.room()), resizeTo);
    });
  }
  header.addEventListener('dblclick', (event) => event.target instanceof Element && !event.target.closest('button') && toggle('fill'), {
    signal,
  });
  // Who moves the player with the mouse goes on with the keyboard where that was, in the film or in the page.
  for (const target of [header, ...edges.map(({ handle }) => handle)]) {
    target.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  }

  move.addEventListener('click', () => moveTo(inNextCorner(overlay.movableBox(), overlay.room())), { signal });
  resize.addEventListener('click', () => resizeTo(nextSize(overlay.movableBox(), overlay.room())), { signal });
  mini.addEventListener('click', () => toggle('mini'), { signal });
  fill.addEventListener('click', () => toggle('fill'), { signal });
  onArrow(move, signal, (x, y, stepPx) => {
    const room = overlay.room();
    // A mini player goes from corner to corner.
    const [xPx, yPx] = overlay.place.mode === 'mini' ? [room.widthPx, room.heightPx] : [stepPx, stepPx];
    moveTo(movedBy(overlay.movableBox(), x * xPx, y * yPx, room));
  });
  onArrow(resize, signal, (x, y, stepPx) => resizeTo(widenedBy(overlay.movableBox(), (x + y) * stepPx, overlay.room())));

  // As in the player, which has the focus mostly.
  section.addEventListener(
    'keydown',
    ({ key, repeat, ctrlKey, altKey, metaKey }) => {
      const mode = TOGGLE_KEYS[key.toLowerCase()];
      if (singleKeys && mode !== undefined && !repeat && !ctrlKey && !altKey && !metaKey) toggle(mode);
    },
    { signal },
  );

  const showMode = (mode: OverlayMode): void => {
    const shown = singleKeys ? facesWithKeys : faces;
    showFace(mini, mode === 'mini' ? shown.window : shown.mini);
    showFace(fill, mode === 'fill' ? shown.window : shown.fill);
    if (mode === 'mini' && resize.matches(':focus')) mini.focus({ preventScroll: true });
    resize.hidden = mode === 'mini';
  };
  void followSettings(signal, (stored) => {
    singleKeys = readSingleKeys(stored);
    showMode(overlay.place.mode);
  });
  return { showMode, toggle };
}

function onArrow(button: HTMLElement, signal: AbortSignal, step: (x: number, y: number, stepPx: number) => void): void {
  button.addEventListener(
    'keydown',
    (event) => {
      const arrow = ARROWS[event.key];
      if (arrow === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      step(...arrow, event.shiftKey ? LARGE_STEP_PX : STEP_PX);
    },
    { signal },
  );
}
