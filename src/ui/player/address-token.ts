import { NO_TOKEN_YET } from '@/src/messaging/player-address';

/** The token in the page's address, as soon as there is one: the page may have been loaded before the click. */
export async function addressToken(view: Window): Promise<string> {
  while (hashOf(view) === NO_TOKEN_YET) await new Promise((resolve) => view.addEventListener('hashchange', resolve, { once: true }));
  return hashOf(view);
}

function hashOf({ location }: Window): string {
  return location.hash.slice(1);
}
