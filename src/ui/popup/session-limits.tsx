import type { RateLimits, SessionSnapshot } from '@/src/protocol/engine-api';
import { TextField } from '@/src/ui/components/text-field';
import { i18n } from '@/src/ui/state/i18n';
import { checkRate, rateText } from '@/src/ui/state/limit-text';
import type { PopupModel } from './popup-model';

const FIELDS = [
  ['downloadBytesPerSecond', i18n.t('popup.downloadLimit')],
  ['uploadBytesPerSecond', i18n.t('popup.uploadLimit')],
] as const;

/** How fast this film may be fetched and shared, until it is stopped. */
export function SessionLimits({ session, model }: { readonly session: SessionSnapshot; readonly model: PopupModel }) {
  const { rateLimits } = session;
  const isLimited = rateLimits.uploadBytesPerSecond !== null || rateLimits.downloadBytesPerSecond !== null;

  function change(part: Partial<RateLimits>): void {
    model.setRateLimits(session.id, { ...rateLimits, ...part });
  }

  return (
    <details class="disclosure">
      <summary>{isLimited ? i18n.t('popup.speedLimitsOn') : i18n.t('popup.speedLimits')}</summary>
      <div class="fields">
        {FIELDS.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            value={rateText(rateLimits[name])}
            placeholder={i18n.t('common.noLimit')}
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
