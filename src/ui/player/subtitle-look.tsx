import { useId } from 'preact/hooks';
import { SUBTITLE_SIZES, type SubtitleSize } from '@/src/settings/subtitle-settings';
import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';
import { formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { OFFSET_STEP_S, offsetWords } from '@/src/ui/state/subtitle-words';
import type { Subtitles } from './subtitles';

const SIZES: Record<SubtitleSize, string> = {
  small: i18n.t('player.subtitles.small'),
  normal: i18n.t('player.subtitles.normal'),
  large: i18n.t('player.subtitles.large'),
};

/** How large, on what, and when. */
export function SubtitleLook({ subtitles }: { readonly subtitles: Subtitles }) {
  const name = useId();
  const { size, background } = subtitles.settings.value;
  const seconds = formatNumber(OFFSET_STEP_S);
  const isOff = subtitles.shownId.value === undefined;
  return (
    <div class="subtitle-look">
      <fieldset class="subtitle-sizes">
        <legend class="soft small">{i18n.t('player.subtitles.size')}</legend>
        {SUBTITLE_SIZES.map((one) => (
          <label key={one}>
            <input type="radio" name={name} checked={size === one} onChange={() => subtitles.change({ size: one })} />
            <span>{SIZES[one]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset class="subtitle-offset">
        <legend class="soft small">{i18n.t('player.subtitles.when')}</legend>
        <IconButton
          icon="minus"
          label={i18n.t('player.subtitles.earlierKey', { seconds })}
          disabled={isOff}
          onPress={() => subtitles.shiftBy(-OFFSET_STEP_S)}
        />
        <output>{offsetWords(subtitles.offsetS.value)}</output>
        <IconButton
          icon="plus"
          label={i18n.t('player.subtitles.laterKey', { seconds })}
          disabled={isOff}
          onPress={() => subtitles.shiftBy(OFFSET_STEP_S)}
        />
      </fieldset>
      <Switch checked={background} onChange={(checked) => subtitles.change({ background: checked })}>
        {i18n.t('player.subtitles.ground')}
      </Switch>
    </div>
  );
}
