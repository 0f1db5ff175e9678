/**
 * Adopted by the closed shadow root. Important declarations of an inner tree beat those of the page (CSS Cascade 4, section 6.1), so
 * even `* { display: none !important }` does not reach the overlay.
 */
export const OVERLAY_CSS = `
:host { all: initial !important; position: fixed !important; inset: 0 !important; margin: auto !important; width: fit-content !important;
  height: fit-content !important; display: block !important; z-index: 2147483647 !important; color-scheme: light dark !important; }
section { --ground: light-dark(#ffffff, #17191c); --text: light-dark(#1a1c1e, #eceef0); --edge: light-dark(#c9ced4, #3a3f45); --accent: light-dark(#1253a4, #8ab8ff); }
* { box-sizing: border-box; }
section { display: flex; flex-direction: column; width: min(960px, 92vw, calc((92vh - 2.5rem) * 16 / 9)); overflow: hidden;
  color: var(--text); background: var(--ground); border: 1px solid var(--edge); border-radius: .625rem;
  box-shadow: 0 .75rem 3rem rgb(0 0 0 / .45); font: 1rem/1.4 system-ui, sans-serif; }
header { display: flex; align-items: center; justify-content: space-between; height: 2.5rem; padding-inline: .875rem .25rem; font-weight: 600; font-size: .875rem; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: .375rem; cursor: pointer; }
button:hover { background: light-dark(#e8ebef, #2a2e33); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.close { width: 2rem; height: 2rem; font-size: 1.25rem; line-height: 1; }
.stage { position: relative; aspect-ratio: 16 / 9; min-height: min(20rem, 92vh - 2.5rem); background: #000; color: #f2f2f2; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; color-scheme: normal; }
.notice { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; gap: 1rem; align-items: center; justify-content: center; padding: 1.5rem; text-align: center; background: #000; }
.notice[hidden] { display: none; }
.notice p { margin: 0; max-width: 34rem; }
.notice button { padding: .5rem 1rem; color: #f2f2f2; border-color: #8a8f96; }
.notice button:hover { background: #2a2e33; }
.notice button:focus-visible { outline-color: #8ab8ff; }
.notice button[hidden] { display: none; }
`;
