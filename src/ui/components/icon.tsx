/** 24 × 24 outlines, drawn for this project. */
const OUTLINES = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  close: 'M6 6l12 12M18 6L6 18',
  stop: 'M7 7h10v10H7z',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5M13.5 10.5v5',
  files: 'M4 6h16M4 12h16M4 18h10',
  engine: 'M4 6c7 0 5 6 11 6M4 18c7 0 5-6 11-6h5M16.5 8.5L20 12l-3.5 3.5',
  timeline: 'M12 4a8 8 0 1 0 .01 0M12 8v4.5l3 2',
  settings: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 5.5v5M9 13.5v5',
  up: 'M12 19V6M6.5 11L12 5.5 17.5 11',
  down: 'M12 5v13M6.5 13l5.5 5.5 5.5-5.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  info: 'M12 3.5a8.5 8.5 0 1 0 .01 0M12 11v5.5M12 7.75v.01',
  warning: 'M12 4L2.75 20h18.5zM12 10v4.5M12 17.25v.01',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  external: 'M13 5h6v6M19 5l-8 8M10 6H5v13h13v-5',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4.5h-4.5',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 12h16',
  sound: 'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0M19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0',
  file: 'M6 3.5h8l4 4v13H6zM14 3.5v4h4',
  globe: 'M12 3.5a8.5 8.5 0 1 0 .01 0M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  keyboard: 'M3 7h18v10H3zM6.5 10.25v.01M10 10.25v.01M13.75 10.25v.01M17.25 10.25v.01M8 14h8',
  subtitles: 'M3.5 5.5h17v13h-17zM7 11.5h5M15.5 11.5H17M7 15h1.5M12 15h5',
  save: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  volume: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  muted: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5',
  'full-screen': 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  'leave-full-screen': 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  'picture-in-picture': 'M3.5 5h17v14h-17zM12 12h6v4.5h-6z',
  next: 'M6 5.5v13l9.5-6.5zM18 6v12',
  previous: 'M18 5.5v13L8.5 12zM6 6v12',
  disk: 'M5 6c0-3 14-3 14 0v12c0 3-14 3-14 0zM5 6c0 3 14 3 14 0M5 12c0 3 14 3 14 0',
} as const;

export type IconName = keyof typeof OUTLINES;

/** Decoration only: the words beside it or the button's label carry the meaning. */
export function Icon(props: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={OUTLINES[props.name]} />
    </svg>
  );
}
