import { fileURLToPath } from 'node:url';

/** Of the films of 40 s. */
export const FILM_WIDTH_PIXELS = 640;

const FILMS = new URL('../fixtures/films/', import.meta.url);

/** Where a committed film (scripts/make-fixtures.ts made it) lies on this machine. */
export function filmPath(name: string): string {
  return fileURLToPath(new URL(name, FILMS));
}
