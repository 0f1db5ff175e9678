import { TextField } from '@/src/ui/components/text-field';
import { LIMIT_NAMES, LIMIT_RANGES, type LimitName } from '@/src/settings/limit-settings';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import { checkLimit, checkRate, limitText, rateText } from '@/src/ui/state/limit-text';
import type { OptionsModel } from './options-model';

interface LimitSettingsProps {
  readonly settings: Settings;
  readonly model: OptionsModel;
}

const RATES = [
  ['downloadBytesPerSecond', i18n.t('options.limits.download')],
  ['uploadBytesPerSecond', i18n.t('options.limits.upload')],
] as const;

const LABELS: Readonly<Record<LimitName, string>> = {
  peersPerSession: i18n.t('options.limits.peersPerSession'),
  peers: i18n.t('options.limits.peers'),
  negotiationsPerSession: i18n.t('options.limits.negotiationsPerSession'),
  negotiationTimeoutMs: i18n.t('options.limits.negotiationTimeoutMs'),
  requestQueue: i18n.t('options.limits.requestQueue'),
  rejectsInARow: i18n.t('options.limits.rejectsInARow'),
  strikes: i18n.t('options.limits.strikes'),
  assemblyBytes: i18n.t('options.limits.assemblyBytes'),
};

/** How fast, and how many: all of it may be left empty. */
export function LimitSettings({ settings, model }: LimitSettingsProps) {
  return (
    <section class="panel" aria-labelledby="limits-title">
      <h2 id="limits-title">{i18n.t('options.limits.title')}</h2>
      <p class="soft">{i18n.t('options.limits.about')}</p>
      <div class="fields">
        {RATES.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            value={rateText(settings[name])}
            placeholder={i18n.t('common.noLimit')}
            onCommit={(text) => {
              const checked = checkRate(text);
              if (!checked.ok) return checked.sentence;
              model.change({ [name]: checked.value });
              return undefined;
            }}
          />
        ))}
      </div>
      <details id="advanced-limits">
        <summary>{i18n.t('options.limits.advanced')}</summary>
        <p class="soft">{i18n.t('options.limits.advancedAbout')}</p>
        <div class="fields">
          {LIMIT_NAMES.map((name) => (
            <TextField
              key={name}
              label={LABELS[name]}
              value={limitText(name, settings.limits[name])}
              placeholder={limitText(name, LIMIT_RANGES[name].initial)}
              onCommit={(text) => {
                const checked = checkLimit(name, text);
                if (!checked.ok) return checked.sentence;
                model.change({ limits: { ...settings.limits, [name]: checked.value } });
                return undefined;
              }}
            />
          ))}
        </div>
      </details>
    </section>
  );
}
