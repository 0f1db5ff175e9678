import { useRef, useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { ProgressBar } from '@/src/ui/components/progress-bar';
import { RichText } from '@/src/ui/components/rich-text';
import { formatBytes, formatNumber } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { FormatChoice } from './format-choice';
import type { Selection } from './selection';
import type { ShareModel } from './share-model';

/** Not in Preact's types. */
const WHOLE_FOLDER = { webkitdirectory: true };

export function FileChooser({ model }: { readonly model: ShareModel }) {
  const state = model.chooser.value;
  switch (state.kind) {
    case 'empty':
    case 'looking':
      return <DropZone model={model} isLooking={state.kind === 'looking'} />;
    case 'chosen':
      return <Chosen key={state.selection.name} selection={state.selection} model={model} />;
    case 'hashing': {
      const { selection, hashedBytes } = state;
      return (
        <section class="panel" aria-labelledby="hashing-title" data-chooser="hashing" data-hashed-bytes={hashedBytes}>
          <h2 id="hashing-title">
            <RichText text={i18n.t('share.reading')} values={{ name: <bdi>{selection.name}</bdi> }} />
          </h2>
          <ProgressBar label={i18n.t('share.readOf', { name: selection.name })} part={hashedBytes} whole={selection.totalBytes} />
          <p class="soft">{i18n.t('share.readSoFar', { part: formatBytes(hashedBytes), whole: formatBytes(selection.totalBytes) })}</p>
          <Button icon="close" focused onPress={model.cancel}>
            {' '}
            {i18n.t('share.cancel')}
          </Button>
        </section>
      );
    }
  }
}

function DropZone({ model, isLooking }: { readonly model: ShareModel; readonly isLooking: boolean }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    model.choose([...(input.files ?? [])]);
    // So that the same choice counts again.
    input.value = '';
  };
  return (
    <section class="panel drop-zone" aria-labelledby="choose-title" data-chooser={isLooking ? 'looking' : 'empty'}>
      <h2 id="choose-title">{isLooking ? i18n.t('share.looking') : i18n.t('share.drop')}</h2>
      <div class="share-actions">
        <Button icon="file" look="primary" onPress={() => files.current?.click()}>
          {i18n.t('share.chooseFiles')}
        </Button>
        <Button icon="files" onPress={() => folder.current?.click()}>
          {i18n.t('share.chooseFolder')}
        </Button>
      </div>
      <input
        ref={files}
        id="files"
        type="file"
        multiple
        hidden
        aria-label={i18n.t('share.files')}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        id="folder"
        type="file"
        hidden
        aria-label={i18n.t('share.folder')}
        {...WHOLE_FOLDER}
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  );
}

function Chosen({ selection, model }: { readonly selection: Selection; readonly model: ShareModel }) {
  const [name, setName] = useState(selection.name);
  const count = selection.files.length;
  return (
    <section class="panel" aria-labelledby="chosen-title" data-chooser="chosen">
      <h2 id="chosen-title">
        {selection.kind === 'several' ? (
          i18n.t('share.theseFiles')
        ) : (
          <RichText text={i18n.t('share.this')} values={{ name: <bdi>{name}</bdi> }} />
        )}
      </h2>
      <p>{i18n.t('share.whoCanFetch', count, { count: formatNumber(count), size: formatBytes(selection.totalBytes) })}</p>
      {selection.kind === 'several' ? (
        <div class="field">
          <label htmlFor="share-name">{i18n.t('share.folderName')}</label>
          <input id="share-name" type="text" maxLength={255} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </div>
      ) : null}
      <FormatChoice chosen={model.format.value} onChoose={model.chooseFormat} />
      <div class="share-actions">
        <Button icon="up" look="primary" focused onPress={() => model.share(name.trim())}>
          {i18n.t('share.share')}
        </Button>
        <Button icon="close" onPress={model.cancel}>
          {i18n.t('share.chooseOthers')}
        </Button>
      </div>
    </section>
  );
}
