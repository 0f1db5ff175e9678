import type { StoredFilmSnapshot, StoreSnapshot } from '@/src/protocol/engine-api';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { formatBytes, formatDay, formatShare } from '@/src/ui/state/format';
import type { PopupModel } from './popup-model';

/** Films that nobody watches now, and what is still here of them. */
export function StoredFilms({ store, model }: { readonly store: StoreSnapshot; readonly model: PopupModel }) {
  const { films } = store;
  if (films.length === 0) return null;
  return (
    <section class="stored" aria-labelledby="stored-title">
      <header>
        <h2 id="stored-title">Stored films</h2>
        {films.length === 1 ? null : (
          <ConfirmButton
            icon="trash"
            label="Delete all"
            question={`Delete all ${films.length} films that are not open?`}
            confirmLabel="Delete all"
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
    ...(storedBytes < totalBytes ? [`${formatShare(storedBytes, totalBytes)} of it`] : []),
    ...(watchedAtMs === 0 ? [] : [`watched ${formatDay(watchedAtMs)}`]),
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
        label="Delete"
        question="Delete what is stored of this film?"
        confirmLabel="Delete"
        onConfirm={onDelete}
      />
    </li>
  );
}
