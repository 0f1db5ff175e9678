import { useRef } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';
import type { Subtitles } from './subtitles';

export function SubtitleFileButton({ subtitles }: { readonly subtitles: Subtitles }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="subtitle-file">
      <Button icon="file" onPress={() => input.current?.click()}>
        {i18n.t('player.subtitles.loadFile')}
      </Button>
      <span class="soft small">{i18n.t('player.subtitles.fileKinds')}</span>
      <input
        ref={input}
        type="file"
        accept=".srt,.vtt"
        hidden
        aria-label={i18n.t('player.subtitles.file')}
        onChange={(event) => {
          void subtitles.open([...(event.currentTarget.files ?? [])]);
          // So that the same choice counts again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
