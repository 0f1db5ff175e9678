import type { EngineSettings, PublisherServerSnapshot } from '@/src/protocol/engine-api';
import type { Magnet } from '@/src/protocol/magnet';
import { MAX_HOST_CHARS } from '@/src/protocol/tracker-urls';
import { isPrivateHost } from '@/src/transport/stranger-address';

type Answers = Pick<EngineSettings, 'signalingUrls' | 'publisherHosts'>;

/** The servers a link names, with what the viewer said to each; those on the viewer's own list go without saying. */
export function publisherServers({ signalingServers }: Pick<Magnet, 'signalingServers'>, settings: Answers): PublisherServerSnapshot[] {
  const own = new Set(settings.signalingUrls.map((url) => URL.parse(url)?.host));
  return signalingServers.flatMap((text) => {
    const url = URL.parse(text);
    if (url === null || url.host === '' || own.has(url.host)) return [];
    const { host, hostname } = url;
    // There is no such name, and no answer to it could be kept.
    if (host.length > MAX_HOST_CHARS) return [];
    const hosts = settings.publisherHosts ?? {};
    const answer = !Object.hasOwn(hosts, host) ? 'none' : hosts[host] === true ? 'allowed' : 'refused';
    return [{ url: text, host, isPrivate: isPrivateHost(hostname), answer }];
  });
}

/** Where viewers of this link's film meet: at the viewer's own servers, and at those of the link that the viewer allows. */
export function signalingUrls(magnet: Pick<Magnet, 'signalingServers'>, settings: Answers): readonly string[] {
  const allowed = publisherServers(magnet, settings).filter(({ answer }) => answer === 'allowed');
  return [...settings.signalingUrls, ...allowed.map(({ url }) => url)];
}
