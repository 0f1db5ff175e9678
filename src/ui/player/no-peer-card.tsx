import { useState } from 'preact/hooks';
import { AddAddress } from '@/src/ui/components/add-address';
import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { searchTitle, type PeerSearch } from '@/src/ui/state/peer-search';
import { checkTracker } from '@/src/ui/state/settings-check';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { SearchFacts } from './search-facts';
import { WaitedFor } from './waited-for';
import { WebSeedPermits } from './web-seed-permits';

interface NoPeerCardProps {
  readonly search: PeerSearch;
  readonly actions: PlayerActions;
  readonly magnet: string;
  readonly waitedMs: () => number;
}

/** Nobody sends: who was asked, what they said, and what the viewer can do about it. */
export function NoPeerCard({ search, actions, magnet, waitedMs }: NoPeerCardProps) {
  const [outcome, setOutcome] = useState('');
  const unreachable = search.stage !== 'asking';

  async function addTracker(url: string): Promise<string | undefined> {
    const known = search.trackers.map((tracker) => tracker.url);
    const checked = checkTracker(url, known);
    if (!checked.ok) return checked.sentence;
    const refusal = await actions.addTracker(checked.value);
    if (refusal === undefined) setOutcome('The tracker is asked, for this film.');
    return refusal;
  }

  return (
    <MessageCard
      name="no-peer"
      tone={unreachable ? 'warn' : 'info'}
      title={searchTitle(search)}
      actions={
        <>
          <Button
            look="primary"
            icon="retry"
            onPress={() => {
              actions.retrySignaling();
              setOutcome('Asking all of them again.');
            }}
          >
            Try again
          </Button>
          {search.mode === 'hybrid' ? null : (
            <Button icon="engine" onPress={() => void actions.setMode('hybrid').then((refusal) => setOutcome(refusal ?? ''))}>
              Use both engines
            </Button>
          )}
          <MagnetActions magnet={magnet} />
        </>
      }
    >
      <p>
        Asked for <WaitedFor ms={waitedMs} />:
      </p>
      <SearchFacts search={search} />
      {search.knownSeeders > 0 ? (
        <p>
          Seeders that a tracker knows and a browser never hears from mostly run in ordinary torrent apps, which speak TCP and UDP only. A
          torrent app can reach them.
        </p>
      ) : (
        <p>Peers in ordinary torrent apps cannot be reached from a browser; a torrent app can reach them.</p>
      )}
      <p>Leave this open: the film starts by itself as soon as somebody comes who can send it.</p>
      <WebSeedPermits webSeeds={search.webSeeds} onAllow={actions.allowWebSeed} onOutcome={setOutcome} />
      {search.mode === 'webrtc' ? null : (
        <details class="more-trackers">
          <summary>Add a tracker</summary>
          <AddAddress label="Tracker, for this film only" placeholder="wss://tracker.example.org" onAdd={addTracker} />
        </details>
      )}
      <output class="small">{outcome}</output>
    </MessageCard>
  );
}
