/**
 * Adopted by the closed shadow root. Important declarations of an inner tree beat those of the page (CSS Cascade 4, section 6.1), so
 * even `* { display: none !important }` does not reach the overlay. No edge lies over the frame: else the browser would say that the buttons
 * in there are covered (`SeenPress`).
 */
export const OVERLAY_CSS = `
:host { all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; width: 0 !important; height: 0 !important;
  display: block !important; z-index: 2147483647 !important; color-scheme: light dark !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bounds { position: fixed; inset: 0; visibility: hidden; pointer-events: none; }
section { --ground: light-dark(#fff, #171a26); --text: light-dark(#161929, #eef0fa); --soft: light-dark(#535a75, #a6aec9);
  --wash: light-dark(#eceef6, #2c3145); --edge: light-dark(#c9cddf, #3b4159); --accent: light-dark(#4338ca, #a5a8ff);
  position: fixed; inset: 0 auto auto 0; display: flex; flex-direction: column; color: var(--text); background: var(--ground); outline: 1px solid var(--edge);
  border-radius: .625em; box-shadow: 0 .75em 3em rgb(0 0 0 / .45); font: medium/1.4 system-ui, sans-serif; }
header { display: flex; flex: none; align-items: center; height: 2.5em; padding-inline: .875em .25em; cursor: move; touch-action: none;
  user-select: none; }
header span { flex: 1; min-width: 0; overflow: hidden; font-weight: 600; font-size: .875em; white-space: nowrap; text-overflow: ellipsis; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: .375em; cursor: pointer; }
button:hover { background: var(--wash); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
header button { display: grid; flex: none; place-items: center; width: 2em; height: 2em; padding: 0; color: var(--soft); }
header button:hover { color: var(--text); }
header .move { cursor: move; touch-action: none; }
svg { width: 1.125em; height: 1.125em; fill: none; stroke: currentcolor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; pointer-events: none; }
.stage { position: relative; flex: 1; min-height: 0; overflow: hidden; border-radius: 0 0 .625em .625em; background: #000; color: #f2f2f2; }
[data-mode=fill], [data-mode=fill] .stage { border-radius: 0; }
section:has([data-held]) iframe { pointer-events: none; }
.edge { position: absolute; touch-action: none; }
.e, .s, .w, .se, .sw { z-index: -1; }
section:not([data-mode=window]) .edge { display: none; }
.n, .s { left: 12px; right: 12px; height: 10px; cursor: ns-resize; }
.e, .w { top: 12px; bottom: 12px; width: 10px; cursor: ew-resize; }
.ne, .se, .sw, .nw { width: 19px; height: 19px; }
.n, .ne, .nw { top: -7px; }
.ne { right: -7px; }
.nw { left: -7px; }
.s { bottom: -10px; }
.e { right: -10px; }
.w { left: -10px; }
.se, .sw { bottom: -12px; }
.se { right: -12px; }
.sw { left: -12px; }
.ne, .sw { cursor: nesw-resize; }
.nw, .se { cursor: nwse-resize; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; color-scheme: normal; }
.notice { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; gap: 1em; align-items: center; justify-content: safe center; padding: 1.5em; overflow: auto; text-align: center; background: #000; }
.notice p { margin: 0; max-width: 34em; }
.notice button { padding: .5em 1em; color: #f2f2f2; border-color: #8a8f96; }
.notice button:hover { background: #2a2e33; }
.notice button:focus-visible { outline-color: #8ab8ff; }
`;
