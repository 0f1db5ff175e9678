import { useRef } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import type { Subtitles } from './subtitles';

export function SubtitleFileButton({ subtitles }: { readonly subtitles: Subtitles }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="subtitle-file">
      <Button icon="file" onPress={() => input.current?.click()}>
        Load a file…
      </Button>
      <span class="soft small">.srt or .vtt, or drop it on the film</span>
      <input
        ref={input}
        type="file"
        accept=".srt,.vtt"
        hidden
        aria-label="Subtitle file"
        onChange={(event) => {
          void subtitles.open([...(event.currentTarget.files ?? [])]);
          // So that the same choice counts again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
