import { useRef, useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { ProgressBar } from '@/src/ui/components/progress-bar';
import { formatBytes, formatCount } from '@/src/ui/state/format';
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
            Reading <bdi>{selection.name}</bdi>
          </h2>
          <ProgressBar label={`Read of ${selection.name}`} part={hashedBytes} whole={selection.totalBytes} />
          <p class="soft">
            {formatBytes(hashedBytes)} of {formatBytes(selection.totalBytes)} read. Every byte is read once, so that those who fetch it can
            verify it. Keep this page open until then.
          </p>
          <Button icon="close" focused onPress={model.cancel}>
            Cancel
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
      <h2 id="choose-title">{isLooking ? 'Looking through the folder…' : 'Drop files or a folder here'}</h2>
      <div class="share-actions">
        <Button icon="file" look="primary" onPress={() => files.current?.click()}>
          Choose files
        </Button>
        <Button icon="files" onPress={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <input ref={files} id="files" type="file" multiple hidden aria-label="Files" onChange={(event) => take(event.currentTarget)} />
      <input
        ref={folder}
        id="folder"
        type="file"
        hidden
        aria-label="Folder"
        {...WHOLE_FOLDER}
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  );
}

function Chosen({ selection, model }: { readonly selection: Selection; readonly model: ShareModel }) {
  const [name, setName] = useState(selection.name);
  return (
    <section class="panel" aria-labelledby="chosen-title" data-chooser="chosen">
      <h2 id="chosen-title">
        {selection.kind === 'several' ? (
          'Share these files?'
        ) : (
          <>
            Share <bdi>{name}</bdi>?
          </>
        )}
      </h2>
      <p>
        {formatCount(selection.files.length, 'file')}, {formatBytes(selection.totalBytes)}. Everyone who has the magnet link can fetch{' '}
        {selection.files.length === 1 ? 'it' : 'them'}, and sees your IP address.
      </p>
      {selection.kind === 'several' ? (
        <div class="field">
          <label htmlFor="share-name">Name of the folder others see</label>
          <input id="share-name" type="text" maxLength={255} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </div>
      ) : null}
      <div class="share-actions">
        <Button icon="up" look="primary" focused onPress={() => model.share(name.trim())}>
          Share
        </Button>
        <Button icon="close" onPress={model.cancel}>
          Choose others
        </Button>
      </div>
    </section>
  );
}
