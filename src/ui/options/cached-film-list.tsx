import { useEffect, useRef } from 'preact/hooks';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { cachedFilms, USE_WORDS, type CachedFilm } from '@/src/ui/state/cached-films';
import { formatBytes, formatDay, formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';

/** What each film takes of the disk, and the buttons that give it back. */
export function CachedFilmList({ model }: { readonly model: OptionsModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const state = model.engineState.value;
  const films = state.kind === 'known' ? cachedFilms(state.snapshot) : [];
  const closedFilms = films.filter(({ use }) => use === undefined).length;

  // With a row goes its button: whoever pressed it by keyboard goes on from here.
  const deletingRef = useRef(false);
  useEffect(() => {
    if (deletingRef.current && document.activeElement === document.body) heading.current?.focus();
    deletingRef.current = false;
  }, [films.length]);

  // The list may change before the engine says that it is done. Where nothing was deleted, a change later on is somebody else's.
  async function whileDeleting(deletion: () => Promise<boolean>): Promise<void> {
    deletingRef.current = true;
    if (!(await deletion())) deletingRef.current = false;
  }

  return (
    <div class="cached-films" id="cached-films" data-engine={state.kind}>
      <header>
        <h3 ref={heading} tabIndex={-1}>
          {i18n.t('stored.title')}
        </h3>
        {closedFilms < 2 ? null : (
          <ConfirmButton
            icon="trash"
            label={i18n.t('stored.deleteAll')}
            question={i18n.t('stored.deleteAllQuestion', { count: formatNumber(closedFilms) })}
            confirmLabel={i18n.t('stored.deleteAll')}
            onConfirm={() => void whileDeleting(model.deleteAllStored)}
          />
        )}
      </header>
      {model.complaint.value === undefined ? null : (
        <p class="refused" role="alert">
          {model.complaint.value}
        </p>
      )}
      {films.length > 0 ? (
        <>
          <p class="soft">{i18n.t('options.storage.filmsAbout')}</p>
          <ul>
            {films.map((film) => (
              <CachedFilmRow key={film.infoHash} film={film} onDelete={() => void whileDeleting(() => model.deleteFilm(film))} />
            ))}
          </ul>
        </>
      ) : state.kind === 'refused' ? (
        <p class="refused" role="alert">
          {i18n.t('options.storage.noEngine', { reason: state.sentence })}
        </p>
      ) : (
        <p class="soft">{i18n.t(WITHOUT_FILMS[state.kind])}</p>
      )}
    </div>
  );
}

const WITHOUT_FILMS = {
  'not-agreed': 'options.storage.agreeFirst',
  asking: 'options.storage.asking',
  known: 'options.storage.none',
} as const;

function CachedFilmRow({ film, onDelete }: { readonly film: CachedFilm; readonly onDelete: () => void }) {
  const { infoHash, name, roomBytes, watchedAtMs, use } = film;
  const facts = [
    formatBytes(roomBytes),
    ...(watchedAtMs === 0 ? [] : [i18n.t('stored.watched', { day: formatDay(watchedAtMs) })]),
    ...(use === undefined ? [] : [USE_WORDS[use]]),
  ];
  return (
    <li data-cached-film={infoHash} data-room-bytes={roomBytes} data-use={use}>
      <div>
        <h4>
          <bdi>{name}</bdi>
        </h4>
        <p class="soft small">{facts.join(' · ')}</p>
      </div>
      <ConfirmButton
        icon="trash"
        label={i18n.t('stored.delete')}
        question={use === undefined ? i18n.t('stored.deleteQuestion') : i18n.t('stored.stopQuestion')}
        confirmLabel={i18n.t('stored.delete')}
        onConfirm={onDelete}
      />
    </li>
  );
}
