import type { WebSeedSnapshot } from '@/src/protocol/engine-api';
import { Button } from '@/src/ui/components/button';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import { webSeedHost } from '@/src/ui/state/peer-search';

interface WebSeedPermitsProps {
  readonly webSeeds: readonly WebSeedSnapshot[];
  /** Answers the sentence to show when the browser or the engine refuses. */
  readonly onAllow: (url: string) => Promise<string | undefined>;
  readonly onOutcome: (sentence: string) => void;
}

/** One button for each web seed that waits for the viewer. */
export function WebSeedPermits({ webSeeds, onAllow, onOutcome }: WebSeedPermitsProps) {
  const blocked = webSeeds.flatMap((seed) => {
    const target = seed.state === 'blocked' ? webSeedHost(seed.url) : undefined;
    return target === undefined ? [] : [{ url: seed.url, host: target.host }];
  });
  if (blocked.length === 0) return null;
  return (
    <div class="web-seed-permits">
      {blocked.map(({ url, host }) => (
        <Button
          key={url}
          icon="globe"
          guarded
          onPress={() => void onAllow(url).then((refusal) => onOutcome(refusal ?? i18n.t('player.webSeed.asked')))}
        >
          <span>
            <RichText text={i18n.t('player.webSeed.allow')} values={{ host: <bdi>{host}</bdi> }} />
          </span>
        </Button>
      ))}
      <p class="soft small">{i18n.t('player.webSeed.about')}</p>
    </div>
  );
}
