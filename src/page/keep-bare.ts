/** What reaches from a host into its shadow tree; all else that a page writes there is no matter, whatever the styles in there say. */
const REACHING_IN = /^(?:inert|hidden|tabindex|dir|role|contenteditable|aria-.+)$/;
/** In one go: a page whose own script answers each repair at once would else keep both busy for ever. */
const MAX_REPAIRS = 20;

/**
 * Takes away again what a page writes on the host of the overlay's shadow tree: `inert`, `aria-hidden` or a negative `tabindex` there would put
 * all inside out of reach, as scripts of dialogs do with whatever lies outside of theirs. It comes before the next picture; what had the
 * focus keeps it.
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
    const foreign = host.getAttributeNames().filter((name) => REACHING_IN.test(name));
    if (foreign.length === 0) return;
    if (repairs++ === 0) setTimeout(() => (repairs = 0));
    if (repairs > MAX_REPAIRS) {
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
