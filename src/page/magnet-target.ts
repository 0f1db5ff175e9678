import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { magnetOfScript, magnetOfText } from './magnet-text';

/** What a click on the page would lead to, had the extension not been there. */
export interface MagnetTarget {
  readonly magnet: string;
  readonly element: Element & HTMLOrSVGElement;
}

/** How far above the place of a click an element's attributes count, itself included: a button's icon lies that deep, a page's frame does not. */
const MAX_LEVELS = 4;
const CONTROL_ROLES = ['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'option', 'menuitem', 'textbox'];
/** What a click on means something of its own, so that it is none on what lies around it. */
const CONTROLS =
  'a[href], area[href], button, input, select, textarea, option, label, summary, audio, video, iframe, [contenteditable], [onclick], ' +
  CONTROL_ROLES.map((role) => `[role="${role}"]`).join();
/** Of these a click fills in a form. */
const FIELDS = 'input:not([type="button"], [type="submit"], [type="image"]), select, textarea, option, label, [contenteditable]';
/** Buttons that copy go on copying. */
const COPIED = /^data-(?:.*-)?(?:clipboard|copy)/;

/**
 * The magnet link under the pointer. A link's own address counts however deep inside it the click is, as it does for the browser. An inline
 * `onclick` that goes to a magnet link, and a `data-` attribute that is one, count on the element clicked and up to three above it, but not
 * beyond the first control and never on the body; of a `data-` attribute neither on a field, nor on a link that leads elsewhere.
 */
export function magnetTargetOf(event: Event): MagnetTarget | undefined {
  let levels = 0;
  for (const element of event.composedPath()) {
    // A form's own methods are hidden by fields that have their names.
    if (!(element instanceof HTMLElement || element instanceof SVGElement) || element instanceof HTMLFormElement) continue;
    if (element instanceof HTMLBodyElement) levels = MAX_LEVELS;
    const magnet = magnetOfAddress(element) ?? (levels < MAX_LEVELS ? magnetOfAttributes(element) : undefined);
    if (magnet !== undefined) return { magnet, element };
    levels = element.matches(CONTROLS) ? MAX_LEVELS : levels + 1;
  }
  return undefined;
}

/** The parsed protocol rather than the attribute's text: browsers allow upper case and blanks around it. */
export function isMagnetLink(target: EventTarget): target is HTMLAnchorElement | HTMLAreaElement {
  return isLink(target) && target.protocol === 'magnet:';
}

function magnetOfAddress(element: Element): string | undefined {
  // One that is longer than any may be is left to the page; one that is damaged gets an answer in words.
  if (isMagnetLink(element)) return element.href.length > MAX_MAGNET_CHARS ? undefined : (magnetOfText(element.href) ?? element.href);
  if (element instanceof SVGAElement) return magnetOfText(element.href.baseVal);
  if (!isLink(element)) return undefined;
  // One that is encoded as a whole is a path on the page's own site by now.
  const address = element.getAttribute('href') ?? '';
  return magnetOfText(address) ?? (element.protocol === 'javascript:' ? magnetOfScript(address) : undefined);
}

function magnetOfAttributes(element: Element): string | undefined {
  const called = magnetOfScript(element.getAttribute('onclick') ?? '');
  if (called !== undefined || element.matches(FIELDS) || leadsElsewhere(element)) return called;
  for (const { name, value } of element.attributes) {
    const magnet = name.startsWith('data-') && !COPIED.test(name) ? magnetOfText(value) : undefined;
    if (magnet !== undefined) return magnet;
  }
  return undefined;
}

/** `href="#"` and `javascript:` are there to make it look like a link. */
function leadsElsewhere(element: Element): boolean {
  if (!isLink(element)) return false;
  const address = element.getAttribute('href')?.trim() ?? '';
  return address !== '' && !address.startsWith('#') && element.protocol !== 'javascript:';
}

function isLink(target: EventTarget): target is HTMLAnchorElement | HTMLAreaElement {
  return target instanceof HTMLAnchorElement || target instanceof HTMLAreaElement;
}
