import { readFile } from 'node:fs/promises';
import { serveSite } from '@/tests/support/static-site';
import type { LocalSwarm, SharedFilm } from './local-swarm';
import type { Teardown } from './teardown';

/** Serves the page a viewer would find somewhere on the web: a paragraph and magnet links. @returns its address */
export async function serveDemoPage(swarm: LocalSwarm, teardown: Teardown): Promise<string> {
  const [css, icon] = await Promise.all([
    readFile(new URL('demo-page.css', import.meta.url)),
    readFile(new URL('../../public/icon/icon.svg', import.meta.url)),
  ]);
  const site = await serveSite({
    '/': demoPage(swarm),
    '/demo-page.css': { type: 'text/css; charset=utf-8', body: css },
    '/icon.svg': { type: 'image/svg+xml', body: icon },
  });
  teardown.own(() => site.close());
  return `${site.origin}/`;
}

function demoPage({ films, signalingUrl }: LocalSwarm): string {
  const seeders = films.length === 1 ? 'one peer' : `${films.length} peers`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Films · Lodestream demo</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/demo-page.css">
<div class="page">
  <header class="brand"><img src="/icon.svg" alt="">Lodestream demo</header>
  <main>
    <h1>Click a film. It plays right here.</h1>
    <p class="lead">
      This is an ordinary page with ordinary magnet links; nothing on it knows Lodestream. The extension opens the film over the page and
      fetches it piece by piece from other people who have it, and checks every piece before you see it.
    </p>
    <ul class="films">${films.map(filmCard).join('')}</ul>
  </main>
  <footer>
    Everything here runs on your computer: ${seeders} with the films, and the signaling server <code>${signalingUrl}</code> where viewers find
    each other. <kbd>Alt</kbd>+click leaves a link to your torrent app, <kbd>Esc</kbd> closes the player.
  </footer>
</div>
</html>`;
}

function filmCard({ magnet, title, about, facts }: SharedFilm, index: number): string {
  const id = index === 0 ? ' id="film"' : '';
  return `
      <li><a class="film"${id} href="${magnet.replaceAll('&', '&amp;')}">
        <span class="poster"><svg class="play" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="28" fill="#fff"/><path d="M23 18.5v19l16-9.5z" fill="#2a1f94"/></svg></span>
        <span class="words"><strong>${title}</strong><span>${about}</span><span class="facts">${facts}</span></span>
      </a></li>`;
}
