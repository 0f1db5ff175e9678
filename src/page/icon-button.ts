import { pageElement } from './page-element';

const SVG = 'http://www.w3.org/2000/svg';

/** 24 × 24 outlines, drawn for this project in the manner of its own pages. */
const OUTLINES = {
  move: 'M12 4v16M4 12h16M9.5 6.5L12 4l2.5 2.5M9.5 17.5L12 20l2.5-2.5M6.5 9.5L4 12l2.5 2.5M17.5 9.5L20 12l-2.5 2.5',
  resize: 'M6 6l12 12M6 11V6h5M18 13v5h-5',
  mini: 'M20 9V5H4v14h5M11 11l8 8M19 13v6h-6',
  fill: 'M4 5h16v14H4zM13.5 8.5H17V12M10.5 15.5H7V12',
  window: 'M4 5h16v14H4zM4 9h16',
  tab: 'M13 5h6v6M19 5l-8 8M10 6H5v13h13v-5',
  close: 'M6 6l12 12M18 6L6 18',
} as const;

export interface ButtonFace {
  readonly icon: keyof typeof OUTLINES;
  /** Its accessible name. */
  readonly label: string;
  /** Shown on hovering; default: the label. */
  readonly title?: string;
}

/** @param name its class */
export function iconButton(page: Document, name: string, face: ButtonFace): HTMLButtonElement {
  const button = pageElement(page, 'button', { type: 'button', class: name });
  const icon = page.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.append(page.createElementNS(SVG, 'path'));
  button.append(icon);
  showFace(button, face);
  return button;
}

/** Changes what a button looks like and is called; it keeps the focus. */
export function showFace(button: HTMLButtonElement, { icon, label, title = label }: ButtonFace): void {
  button.querySelector('path')?.setAttribute('d', OUTLINES[icon]);
  button.setAttribute('aria-label', label);
  button.title = title;
}
