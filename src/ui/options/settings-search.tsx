import type { RefObject } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { searchTerms } from '@/src/ui/state/word-search';
import { filterSections } from './filter-sections';

interface SettingsSearchProps {
  /** Where the sections are. */
  readonly root: RefObject<HTMLElement | null>;
}

/** Filters the sections of the page while its words are typed. What is changed or added meanwhile stays in sight until they change. */
export function SettingsSearch({ root }: SettingsSearchProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<number | undefined>(undefined);

  useLayoutEffect(() => {
    const terms = searchTerms(query);
    const shown = root.current === null ? 0 : filterSections(root.current, terms);
    setFound(terms.length === 0 ? undefined : shown);
  }, [query, root]);

  function clear(): void {
    setQuery('');
    field.current?.focus();
  }

  return (
    <search class="field settings-search">
      <label htmlFor={id}>{i18n.t('options.search.label')}</label>
      <input
        ref={field}
        id={id}
        type="search"
        value={query}
        placeholder={i18n.t('options.search.placeholder')}
        spellcheck={false}
        autocomplete="off"
        aria-describedby={`${id}-found`}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setQuery('');
        }}
      />
      <output class="small soft" id={`${id}-found`} data-found={found}>
        {foundWords(found)}
      </output>
      {found === 0 ? (
        <Button icon="close" onPress={clear}>
          {i18n.t('options.search.clear')}
        </Button>
      ) : null}
    </search>
  );
}

function foundWords(found: number | undefined): string {
  if (found === undefined) return '';
  return found === 0 ? i18n.t('options.search.nothing') : i18n.t('options.search.found', found, { count: formatNumber(found) });
}
