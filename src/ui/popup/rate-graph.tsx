import type { Rates } from '@/src/protocol/engine-api';
import { formatRate } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { highestRate, linePoints } from '@/src/ui/state/rate-history';

const WIDTH = 300;
const HEIGHT = 36;

/** How fast it went while this popup is open: a line each for what comes and what goes, and the same in words. */
export function RateGraph({ samples }: { readonly samples: readonly Rates[] }) {
  const highest = highestRate(samples);
  const last = samples.at(-1);
  if (last === undefined) return null;
  const words = i18n.t('popup.rates', {
    download: formatRate(last.downloadBytesPerSecond),
    upload: formatRate(last.uploadBytesPerSecond),
    highest: formatRate(highest),
  });
  const points = (pick: (rates: Rates) => number): string => linePoints(samples.map(pick), highest, WIDTH, HEIGHT);
  return (
    <div class="rate-graph" data-samples={samples.length} data-highest={highest}>
      <p class="visually-hidden">{words}</p>
      <svg aria-hidden="true" viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none">
        <polyline class="rate-download" points={points((rates) => rates.downloadBytesPerSecond)} />
        <polyline class="rate-upload" points={points((rates) => rates.uploadBytesPerSecond)} />
      </svg>
    </div>
  );
}
