export interface DemoFilm {
  /** In tests/fixtures/films. */
  readonly file: string;
  readonly title: string;
  readonly about: string;
  readonly facts: string;
}

/** What the demo shares, the film that is clicked without a person first. */
const FILMS: readonly [DemoFilm, ...DemoFilm[]] = [
  {
    file: 'faststart.mp4',
    title: 'The test picture',
    about: 'A moving picture with a running clock and a tone: you see and hear at once whether it plays.',
    facts: 'MP4 · 40 s · 1.8 MB',
  },
  {
    file: 'collection',
    title: 'A collection',
    about: 'Two films with their subtitles behind one link: the player asks which one you want.',
    facts: '4 files · 1.1 MB',
  },
  {
    file: 'film.webm',
    title: 'The same, in open formats',
    about: 'VP9 and Opus in WebM, cut into the same verified pieces.',
    facts: 'WebM · 40 s · 1.7 MB',
  },
];

/** Each film costs a process that shares it; without a person nobody clicks the others. */
export function demoFilms(headless: boolean): readonly DemoFilm[] {
  return headless ? FILMS.slice(0, 1) : FILMS;
}
