import type { RateLimits, SessionSnapshot } from '@/src/protocol/engine-api';
import { TextField } from '@/src/ui/components/text-field';
import { checkRate, rateText } from '@/src/ui/state/limit-text';
import type { PopupModel } from './popup-model';

const FIELDS = [
  ['downloadBytesPerSecond', 'Download, KiB/s'],
  ['uploadBytesPerSecond', 'Upload, KiB/s'],
] as const;

/** How fast this film may be fetched and shared, until it is stopped. */
export function SessionLimits({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  const { rateLimits } = session;
  const isLimited = rateLimits.uploadBytesPerSecond !== null || rateLimits.downloadBytesPerSecond !== null;

  function change(part: Partial<RateLimits>): void {
    model.setRateLimits(session.id, { ...rateLimits, ...part });
  }

  return (
    <details>
      <summary>Speed limits{isLimited ? ' (on)' : ''}</summary>
      <div class="fields">
        {FIELDS.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            value={rateText(rateLimits[name])}
            placeholder="no limit"
            onCommit={(text) => {
              const checked = checkRate(text);
              if (!checked.ok) return checked.sentence;
              change({ [name]: checked.value });
              return undefined;
            }}
          />
        ))}
      </div>
    </details>
  );
}
