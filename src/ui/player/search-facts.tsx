import { signalingFact, trackerFact, webSeedFact, type PeerSearch } from '@/src/ui/state/peer-search';
import { formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';

/** Whom the session asked and what each answered. Addresses and answers come from strangers: text, isolated from the words around it. */
export function SearchFacts({ search }: { readonly search: PeerSearch }) {
  return (
    <ul class="search-facts">
      {search.signaling.map((server) => (
        <Fact
          key={`signaling ${server.url}`}
          kind={i18n.t('player.search.signalingServer')}
          url={server.url}
          fact={signalingFact(server)}
        />
      ))}
      {search.trackers.map((tracker) => (
        <Fact key={`tracker ${tracker.url}`} kind={i18n.t('player.search.tracker')} url={tracker.url} fact={trackerFact(tracker)} />
      ))}
      {search.webSeeds.map((seed) => (
        <Fact key={`seed ${seed.url}`} kind={i18n.t('player.search.webSeed')} url={seed.url} fact={webSeedFact(seed)} />
      ))}
      {search.unusableTrackers === 0 ? null : (
        <li data-fact="unusable-trackers">
          {i18n.t('player.search.unusableTrackers', search.unusableTrackers, { count: formatNumber(search.unusableTrackers) })}
        </li>
      )}
    </ul>
  );
}

function Fact(props: { readonly kind: string; readonly url: string; readonly fact: string }) {
  return (
    <li data-server={props.url}>
      {props.kind}{' '}
      <code>
        <bdi>{props.url}</bdi>
      </code>
      : <bdi>{props.fact}</bdi>
    </li>
  );
}
