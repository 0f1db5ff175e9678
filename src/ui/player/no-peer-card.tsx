import { useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { openSettings } from '@/src/ui/components/open-settings';
import { formatCount } from '@/src/ui/state/format';
import { askedWords, searchTitle, type PeerSearch } from '@/src/ui/state/peer-search';
import type { PlayerActions } from './join-session';
import { MagnetActions } from './magnet-actions';
import { SearchFacts } from './search-facts';
import { TrackerForm } from './tracker-form';
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
  const [adding, setAdding] = useState(false);
  const unreachable = search.stage !== 'asking';

  async function addTracker(url: string): Promise<string | undefined> {
    const refusal = await actions.addTracker(url);
    if (refusal === undefined) setOutcome('The tracker is asked, for this film.');
    return refusal;
  }

  return (
    <MessageCard
      name="no-peer"
      tone={unreachable || search.lacksRelay ? 'warn' : 'info'}
      title={searchTitle(search)}
      actions={
        <>
          <Button
            look="primary"
            icon="retry"
            onPress={() => {
              actions.retry();
              setOutcome('Asking all of them again.');
            }}
          >
            Try again
          </Button>
          {search.lacksRelay ? (
            <Button icon="settings" onPress={openSettings}>
              Open settings
            </Button>
          ) : null}
          {search.mode === 'hybrid' ? null : (
            <Button icon="engine" onPress={() => void actions.setMode('hybrid').then((refusal) => setOutcome(refusal ?? ''))}>
              Use both engines
            </Button>
          )}
          {search.mode === 'webrtc' ? null : (
            <Button icon="plus" expanded={adding} onPress={() => setAdding(!adding)}>
              Add tracker
            </Button>
          )}
          <MagnetActions magnet={magnet} />
        </>
      }
      more={
        <>
          {adding ? <TrackerForm known={search.trackers.map((tracker) => tracker.url)} onAdd={addTracker} /> : null}
          <output class="small">{outcome}</output>
          <h3>What each said</h3>
          <SearchFacts search={search} />
          <p>Leave this open: the film starts by itself as soon as somebody comes who can send it.</p>
        </>
      }
    >
      {search.lacksRelay ? <NoRelay /> : <Asked search={search} waitedMs={waitedMs} />}
      <WebSeedPermits webSeeds={search.webSeeds} onAllow={actions.allowWebSeed} onOutcome={setOutcome} />
    </MessageCard>
  );
}

function NoRelay() {
  return (
    <p>
      Your settings allow connections through a TURN server alone, so that peers do not see your address, and there is none: no TURN server
      is switched on, and no signaling server has issued one. No connection is tried. Add a TURN server in the settings, or switch “Relay
      only” off there.
    </p>
  );
}

function Asked({ search, waitedMs }: Pick<NoPeerCardProps, 'search' | 'waitedMs'>) {
  return (
    <p>
      Asked {askedWords(search)} for <WaitedFor ms={waitedMs} />.{' '}
      {search.knownSeeders > 0
        ? `A tracker knows of ${formatCount(search.knownSeeders, 'seeder')}, but none of them answered this browser. They are probably torrent apps that speak TCP and UDP only, which a browser cannot; another torrent app may reach them.`
        : 'Peers in ordinary torrent apps cannot be reached from a browser; a torrent app may reach them.'}
    </p>
  );
}
