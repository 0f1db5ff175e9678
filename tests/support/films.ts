import { fileURLToPath } from 'node:url';

const FILMS = new URL('../fixtures/films/', import.meta.url);

/** Where a committed film (scripts/make-fixtures.ts made it) lies on this machine. */
export function filmPath(name: string): string {
  return fileURLToPath(new URL(name, FILMS));
}
