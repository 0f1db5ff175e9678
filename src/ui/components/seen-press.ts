import { createContext, type RefObject } from 'preact';
import { useContext, useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Against clickjacking: over a page, the page decides what lies above the player, and could have the viewer press on what the viewer does not see.
 * What lets others know of the viewer, or changes for whom the viewer is to be found, works only in full view. Chromium says what that is
 * (Intersection Observer v2, https://w3c.github.io/IntersectionObserver/v2/): nothing lies over the element, nor over any part of the frame it is
 * in, and it is neither transparent nor filtered nor turned. A tab of our own is asked the same, and has nothing that could lie over it.
 */

/** As browsers' own questions have it: what appears under a pointer that is about to click is not pressed by that click. */
const SEEN_FOR_MS = 500;
/** As often as the browser looks at most. */
const LOOK_EVERY_MS = 100;
/** Of the element; with fractions of pixels it may lack a bit. */
const WHOLE = 0.95;

interface SightInit extends IntersectionObserverInit {
  readonly trackVisibility: boolean;
  readonly delay: number;
}

interface SightEntry extends IntersectionObserverEntry {
  readonly isVisible?: boolean;
}

/** Hears of each press on what works only in full view, whether it counted: who it was refused to has to be told so. */
export const OnGuardedPress = createContext<(counted: boolean) => void>(() => undefined);

/**
 * Says of an event whether it counts: made by the viewer, on an element that has been in full view for half a second. The element has
 * `data-seen` for as long as it would.
 * @param isOn false lets each press count
 */
export function useSeenPress(element: RefObject<HTMLElement | null>, isOn = true): (event: Event) => boolean {
  const isSeen = useRef(false);
  const onPress = useContext(OnGuardedPress);
  useLayoutEffect(() => {
    const { current } = element;
    if (!isOn || current === null) return undefined;
    return followSight(current, (seen) => (isSeen.current = seen));
  }, [element, isOn]);
  return ({ isTrusted }) => {
    if (!isOn) return true;
    const counts = isTrusted && isSeen.current;
    onPress(counts);
    return counts;
  };
}

/** @returns what ends it */
function followSight(element: HTMLElement, onChange: (isSeen: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change = (isSeen: boolean): void => {
    element.toggleAttribute('data-seen', isSeen);
    onChange(isSeen);
  };
  const look = (entries: readonly SightEntry[]): void => {
    const last = entries.at(-1);
    clearTimeout(timer);
    change(false);
    if (last?.isVisible === true && last.intersectionRatio >= WHOLE) timer = setTimeout(change, SEEN_FOR_MS, true);
  };
  const init: SightInit = { trackVisibility: true, delay: LOOK_EVERY_MS, threshold: WHOLE };
  const observer = new IntersectionObserver(look, init);
  observer.observe(element);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
