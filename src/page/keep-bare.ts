/** A page whose own script answers each repair would else keep this one busy for ever. */
const MAX_REPAIRS = 20;

/**
 * Takes away again what a page writes on the host of the overlay's shadow tree: `inert`, `aria-hidden` or a negative `tabindex` there would put all inside
 * out of reach, as scripts of dialogs do with whatever lies outside of theirs. It comes before the next picture; what had the focus keeps it.
 * @param onGivenUp the page writes it again each time
 */
export function keepBare(root: ShadowRoot, signal: AbortSignal, onGivenUp: () => void): void {
  const { host } = root;
  let repairs = 0;
  /** What lost the focus just now, in the midst of somebody's script. */
  let left: EventTarget | null = null;
  root.addEventListener(
    'focusout',
    ({ target }) => {
      left = target;
      queueMicrotask(() => (left = null));
    },
    { signal },
  );
  const observer = new MutationObserver(() => {
    const foreign = host.getAttributeNames().filter((name) => name !== 'popover');
    if (foreign.length === 0) return;
    if (++repairs > MAX_REPAIRS) {
      observer.disconnect();
      return onGivenUp();
    }
    const focused = root.activeElement ?? left;
    for (const name of foreign) host.removeAttribute(name);
    // Browsers take it from a host that gets some of them, and from one that loses some.
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  });
  observer.observe(host, { attributes: true });
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
