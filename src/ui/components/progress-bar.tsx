export function ProgressBar(props: { readonly label: string; readonly part: number; readonly whole: number }) {
  return <progress class="progress" aria-label={props.label} max={1} value={props.whole === 0 ? 0 : props.part / props.whole} />;
}
