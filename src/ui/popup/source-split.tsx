import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { formatBytes, formatPortion } from '@/src/ui/state/format';
import { sourceSplit } from '@/src/ui/state/engine-figures';
import { ENGINE_WORDS, SOURCE_WORDS } from '@/src/ui/state/engine-words';
import { i18n } from '@/src/ui/state/i18n';

/** Where this session's bytes came from: a bar to look at, and the same in words. */
export function SourceSplit({ session }: { readonly session: SessionSnapshot }) {
  const parts = sourceSplit(session);
  return (
    <div class="split small">
      <p class="soft">{i18n.t('popup.engine', { name: ENGINE_WORDS[session.mode].name })}</p>
      {parts.length === 0 ? null : (
        <>
          <div class="split-bar" aria-hidden="true">
            {parts.map((part) => (
              <span key={part.name} class={`split-${part.name}`} style={{ flexGrow: part.share }} />
            ))}
          </div>
          <ul aria-label={i18n.t('popup.receivedFrom')}>
            {parts.map((part) => (
              <li key={part.name} data-source={part.name} data-downloaded-bytes={part.downloadedBytes}>
                <span class={`split-key split-${part.name}`} aria-hidden="true" />
                {SOURCE_WORDS[part.name]} {formatPortion(part.share)} ({formatBytes(part.downloadedBytes)})
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
