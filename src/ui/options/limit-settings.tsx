import { TextField } from '@/src/ui/components/text-field';
import { LIMIT_NAMES, LIMIT_RANGES, type LimitName } from '@/src/settings/limit-settings';
import type { Settings } from '@/src/settings/schema';
import { checkLimit, checkRate, limitText, rateText } from '@/src/ui/state/limit-text';
import type { OptionsModel } from './options-model';

interface LimitSettingsProps {
  readonly settings: Settings;
  readonly model: OptionsModel;
}

const RATES = [
  ['downloadBytesPerSecond', 'Download at most, in KiB/s'],
  ['uploadBytesPerSecond', 'Upload at most, in KiB/s'],
] as const;

const LABELS: Readonly<Record<LimitName, string>> = {
  peersPerSession: 'Peers of one film',
  peers: 'Peers of all films together',
  negotiationsPerSession: 'Connections being set up at once, for one film',
  negotiationTimeoutMs: 'Seconds that setting one up may take',
  requestQueue: 'Requests of one peer that may wait',
  rejectsInARow: 'Requests in a row that cannot be served, after which a peer is dropped',
  strikes: 'Bad pieces a peer may have had a part in',
  assemblyBytes: 'Memory for pieces being put together, in MiB, for each film',
};

/** How fast, and how many: all of it may be left empty. */
export function LimitSettings({ settings, model }: LimitSettingsProps) {
  return (
    <section class="panel" aria-labelledby="limits-title">
      <h2 id="limits-title">Limits</h2>
      <p class="soft">
        For all films together, whichever engine feeds them; the popup has limits for each film besides. Whoever gives nothing gets little:
        what is uploaded goes first to those who send something in return. Left empty there is no limit.
      </p>
      <div class="fields">
        {RATES.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            value={rateText(settings[name])}
            placeholder="no limit"
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
        <summary>Advanced</summary>
        <p class="soft">
          What Lodestream allows itself and others. They are chosen so that a film plays and nobody can do harm; an empty one is as shown.
        </p>
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
