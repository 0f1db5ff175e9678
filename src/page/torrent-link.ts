/** A link to a .torrent file, as far as it says so itself. */
export function isTorrentLink(target: EventTarget): target is HTMLAnchorElement | HTMLAreaElement {
  if (!(target instanceof HTMLAnchorElement || target instanceof HTMLAreaElement) || !/^https?:$/.test(target.protocol)) return false;
  const isNamed = [target.pathname, target.download].some((name) => /\.torrent$/i.test(name));
  return isNamed || (target instanceof HTMLAnchorElement && target.type === 'application/x-bittorrent');
}
