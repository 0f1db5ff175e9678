import { useEffect, useState } from 'preact/hooks';
import { AddAddress } from '@/src/ui/components/add-address';
import { parseMagnet } from '@/src/protocol/magnet';
import { i18n } from '@/src/ui/state/i18n';
import { magnetOfTorrentFile } from '@/src/ui/state/torrent-file-magnet';
import type { PopupModel } from './popup-model';
import { noticeWords } from '@/src/ui/state/notice-words';

/** A magnet link that is on no page, or a .torrent file dropped here: the film opens in a tab. */
export function OpenFilmField({ model }: { readonly model: PopupModel }) {
  const [refusal, setRefusal] = useState<string | undefined>(undefined);

  // Anywhere in the popup: beside the field the browser would show the file in place of the popup.
  useEffect(() => {
    const dropping = new AbortController();
    const { signal } = dropping;
    const take = async (file: File): Promise<void> => {
      const result = await magnetOfTorrentFile(file);
      setRefusal(result.ok ? undefined : result.sentence);
      if (result.ok) model.openPlayer(result.magnet);
    };
    document.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    document.addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        if (file !== undefined) void take(file);
      },
      { signal },
    );
    return () => dropping.abort();
  }, [model]);

  return (
    <section class="open-film" aria-label={i18n.t('popup.openFilm')}>
      <AddAddress
        label={i18n.t('popup.openFilmField')}
        placeholder="magnet:?xt=urn:btih:…"
        buttonLabel={i18n.t('popup.open')}
        buttonIcon="play"
        onAdd={(text) => {
          setRefusal(undefined);
          const parsed = parseMagnet(text);
          if (!parsed.ok) return noticeWords(parsed.notice);
          model.openPlayer(text);
          return undefined;
        }}
      >
        <span class="field-error" role="alert">
          {refusal}
        </span>
      </AddAddress>
    </section>
  );
}
