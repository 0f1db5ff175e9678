import { formatElapsed } from '@/src/ui/state/format';

/** A component of its own, so that only this number is drawn anew each second. */
export function WaitedFor(props: { readonly ms: () => number }) {
  return <span class="nowrap">{formatElapsed(props.ms())}</span>;
}
