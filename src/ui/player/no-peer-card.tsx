import { useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { MessageCard } from '@/src/ui/components/message-card';
import { openSettings } from '@/src/ui/components/open-settings';
import { RichText } from '@/src/ui/components/rich-text';
import { formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
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
    if (refusal === undefined) setOutcome(i18n.t('player.noPeer.trackerAsked'));
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
              setOutcome(i18n.t('player.noPeer.askingAgain'));
            }}
          >
            {i18n.t('common.tryAgain')}
          </Button>
          {search.lacksRelay ? (
            <Button icon="settings" onPress={openSettings}>
              {i18n.t('common.openSettings')}
            </Button>
          ) : null}
          {search.mode === 'hybrid' ? null : (
            <Button icon="engine" guarded onPress={() => void actions.setMode('hybrid').then((refusal) => setOutcome(refusal ?? ''))}>
              {i18n.t('player.useBothEngines')}
            </Button>
          )}
          {search.mode === 'webrtc' ? null : (
            <Button icon="plus" expanded={adding} onPress={() => setAdding(!adding)}>
              {i18n.t('player.noPeer.addTracker')}
            </Button>
          )}
          <MagnetActions magnet={magnet} />
        </>
      }
      more={
        <>
          {adding ? <TrackerForm known={search.trackers.map((tracker) => tracker.url)} onAdd={addTracker} /> : null}
          <output class="small">{outcome}</output>
          <h3>{i18n.t('player.noPeer.whatEachSaid')}</h3>
          <SearchFacts search={search} />
          <p>{i18n.t('player.noPeer.leaveOpen')}</p>
        </>
      }
    >
      {search.lacksRelay ? <NoRelay /> : <Asked search={search} waitedMs={waitedMs} />}
      <WebSeedPermits webSeeds={search.webSeeds} onAllow={actions.allowWebSeed} onOutcome={setOutcome} />
    </MessageCard>
  );
}

function NoRelay() {
  return <p>{i18n.t('player.noPeer.noRelay')}</p>;
}

function Asked({ search, waitedMs }: Pick<NoPeerCardProps, 'search' | 'waitedMs'>) {
  return (
    <p>
      <RichText text={i18n.t('player.noPeer.asked')} values={{ servers: askedWords(search), time: <WaitedFor ms={waitedMs} /> }} />{' '}
      {search.knownSeeders > 0
        ? i18n.t('player.noPeer.seedersKnown', search.knownSeeders, { count: formatNumber(search.knownSeeders) })
        : i18n.t('player.noPeer.ordinaryApps')}
    </p>
  );
}
