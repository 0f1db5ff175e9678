/**
 * A film that anybody may pass on (Sintel, Blender Foundation, CC BY 3.0), as the WebTorrent project shares it: a viewer who has nothing at hand
 * yet has something to click.
 */
export const TRY_IT_MAGNET =
  'magnet:?xt=urn:btih:08ada5a7a6183aae1e09d831df6748d566095a10&dn=Sintel' +
  '&tr=wss%3A%2F%2Ftracker.openwebtorrent.com&tr=wss%3A%2F%2Ftracker.btorrent.xyz&ws=https%3A%2F%2Fwebtorrent.io%2Ftorrents%2F';
