import type { StoredFilmSnapshot, StoreSnapshot } from '@/src/protocol/engine-api';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { formatBytes, formatDay, formatNumber, formatShare } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import type { PopupModel } from './popup-model';

/** Films that nobody watches now, and what is still here of them. */
export function StoredFilms({ store, model }: { readonly store: StoreSnapshot; readonly model: PopupModel }) {
  const { films } = store;
  if (films.length === 0) return null;
  return (
    <section class="stored" aria-labelledby="stored-title">
      <header>
        <h2 id="stored-title">{i18n.t('stored.title')}</h2>
        {films.length === 1 ? null : (
          <ConfirmButton
            icon="trash"
            label={i18n.t('stored.deleteAll')}
            question={i18n.t('stored.deleteAllQuestion', { count: formatNumber(films.length) })}
            confirmLabel={i18n.t('stored.deleteAll')}
            onConfirm={model.deleteAllStored}
          />
        )}
      </header>
      <ul>
        {films.map((film) => (
          <StoredFilm key={film.infoHash} film={film} onDelete={() => model.deleteStored(film.infoHash)} />
        ))}
      </ul>
    </section>
  );
}

function StoredFilm({ film, onDelete }: { readonly film: StoredFilmSnapshot; readonly onDelete: () => void }) {
  const { storedBytes, totalBytes, watchedAtMs } = film;
  const facts = [
    formatBytes(storedBytes),
    ...(storedBytes < totalBytes ? [i18n.t('stored.shareOfIt', { share: formatShare(storedBytes, totalBytes) })] : []),
    ...(watchedAtMs === 0 ? [] : [i18n.t('stored.watched', { day: formatDay(watchedAtMs) })]),
  ];
  return (
    <li class="stored-film" data-stored-film={film.infoHash} data-stored-bytes={storedBytes}>
      <div>
        <h3>
          <bdi>{film.name}</bdi>
        </h3>
        <p class="soft small">{facts.join(' · ')}</p>
      </div>
      <ConfirmButton
        icon="trash"
        label={i18n.t('stored.delete')}
        question={i18n.t('stored.deleteQuestion')}
        confirmLabel={i18n.t('stored.delete')}
        onConfirm={onDelete}
      />
    </li>
  );
}
