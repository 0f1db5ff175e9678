import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Keyboards come into a panel with it, to what is checked there, and back to where they were when it goes. */
export function usePanelFocus(): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    const opener = document.activeElement;
    element?.querySelector<HTMLElement>('input:checked')?.focus();
    return () => {
      if (element?.contains(document.activeElement) === true && opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return panel;
}
