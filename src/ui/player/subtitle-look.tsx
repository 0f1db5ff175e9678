import { useId } from 'preact/hooks';
import { SUBTITLE_SIZES, type SubtitleSize } from '@/src/settings/subtitle-settings';
import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';
import { OFFSET_STEP_S, offsetWords } from '@/src/ui/state/subtitle-words';
import type { Subtitles } from './subtitles';

const SIZES: Record<SubtitleSize, string> = { small: 'Small', normal: 'Normal', large: 'Large' };

/** How large, on what, and when. */
export function SubtitleLook({ subtitles }: { readonly subtitles: Subtitles }) {
  const name = useId();
  const { size, background } = subtitles.settings.value;
  const isOff = subtitles.shownId.value === undefined;
  return (
    <div class="subtitle-look">
      <fieldset class="subtitle-sizes">
        <legend class="soft small">Size</legend>
        {SUBTITLE_SIZES.map((one) => (
          <label key={one}>
            <input type="radio" name={name} checked={size === one} onChange={() => subtitles.change({ size: one })} />
            <span>{SIZES[one]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset class="subtitle-offset">
        <legend class="soft small">Shown</legend>
        <IconButton icon="minus" label="0.5 s earlier (g)" disabled={isOff} onPress={() => subtitles.shiftBy(-OFFSET_STEP_S)} />
        <output>{offsetWords(subtitles.offsetS.value)}</output>
        <IconButton icon="plus" label="0.5 s later (h)" disabled={isOff} onPress={() => subtitles.shiftBy(OFFSET_STEP_S)} />
      </fieldset>
      <Switch checked={background} onChange={(checked) => subtitles.change({ background: checked })}>
        Dark ground behind the words
      </Switch>
    </div>
  );
}
