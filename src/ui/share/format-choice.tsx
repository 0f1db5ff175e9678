import { useId } from 'preact/hooks';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import { i18n } from '@/src/ui/state/i18n';

/** The order people read it in: the default first. */
const FORMATS: readonly { readonly kind: TorrentKind; readonly name: string; readonly about: string }[] = [
  { kind: 'v1', name: i18n.t('share.format.v1'), about: i18n.t('share.format.aboutV1') },
  { kind: 'hybrid', name: i18n.t('share.format.hybrid'), about: i18n.t('share.format.aboutHybrid') },
  { kind: 'v2', name: i18n.t('share.format.v2'), about: i18n.t('share.format.aboutV2') },
];

interface FormatChoiceProps {
  readonly chosen: TorrentKind;
  readonly onChoose: (kind: TorrentKind) => void;
}

/** Out of the way of those who only want to share; what is chosen can be read without opening it. */
export function FormatChoice({ chosen, onChoose }: FormatChoiceProps) {
  const name = useId();
  return (
    <details class="disclosure format-choice" data-format={chosen}>
      <summary>
        {i18n.t('share.format.title')}: {FORMATS.find(({ kind }) => kind === chosen)?.name}
      </summary>
      <fieldset class="engine-choice">
        <legend class="visually-hidden">{i18n.t('share.format.title')}</legend>
        {FORMATS.map((format) => (
          <div key={format.kind} class="engine-option" data-chosen={format.kind === chosen ? '' : undefined}>
            <div class="engine-radio">
              <input
                type="radio"
                id={`${name}-${format.kind}`}
                name={name}
                value={format.kind}
                checked={format.kind === chosen}
                aria-describedby={`${name}-${format.kind}-about`}
                onChange={() => onChoose(format.kind)}
              />
              <div>
                <label htmlFor={`${name}-${format.kind}`}>{format.name}</label>
                <p class="soft small" id={`${name}-${format.kind}-about`}>
                  {format.about}
                </p>
              </div>
            </div>
          </div>
        ))}
      </fieldset>
    </details>
  );
}
