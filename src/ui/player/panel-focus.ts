import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Keyboards come into a panel with it, to the first of what is wanted there, and back to where they were when it goes. */
export function usePanelFocus(target: string): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    const opener = document.activeElement;
    element?.querySelector<HTMLElement>(target)?.focus();
    return () => {
      if (element?.contains(document.activeElement) === true && opener instanceof HTMLElement) opener.focus();
    };
  }, [target]);
  return panel;
}
