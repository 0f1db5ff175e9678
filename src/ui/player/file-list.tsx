import type { FileKind, FileSnapshot } from '@/src/protocol/engine-api';
import { Button, IconButton } from '@/src/ui/components/button';
import { Icon, type IconName } from '@/src/ui/components/icon';
import { inReadingOrder, isPlayable, isShown } from '@/src/protocol/file-choice';
import { formatBytes, formatPosition, formatShare } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import { MagnetActions } from './magnet-actions';
import { usePanelFocus } from './panel-focus';
import { filePickers, type SavingFiles, type SavingState } from './save-film';

interface FileListProps {
  /** Hostile text, as are the files' names. */
  readonly name: string;
  readonly magnet: string;
  readonly files: readonly FileSnapshot[];
  readonly playingIndex: number | undefined;
  readonly saving: SavingFiles;
  readonly onChoose: (fileIndex: number) => void;
  readonly onSave: (file: FileSnapshot) => void;
  readonly onSaveAll: (files: readonly FileSnapshot[]) => void;
  /** Absent while a choice has to be made. */
  readonly onClose: (() => void) | undefined;
}

const KINDS: Record<FileKind, { readonly word: string; readonly icon: IconName }> = {
  video: { word: i18n.t('player.kind.video'), icon: 'film' },
  audio: { word: i18n.t('player.kind.audio'), icon: 'sound' },
  image: { word: i18n.t('player.kind.image'), icon: 'file' },
  subtitles: { word: i18n.t('player.kind.subtitles'), icon: 'file' },
  other: { word: i18n.t('player.kind.other'), icon: 'file' },
};

export function FileList(props: FileListProps) {
  const files = inReadingOrder(props.files);
  const panel = usePanelFocus('[aria-current], ul:not(:has([aria-current])) .file');
  return (
    <section class="files" aria-labelledby="files-title" ref={panel}>
      <header>
        <div>
          <h2 id="files-title">{props.onClose === undefined ? i18n.t('state.choosing') : i18n.t('player.files.title')}</h2>
          <p class="soft small">
            <bdi>{props.name}</bdi>
          </p>
        </div>
        {files.length < 2 ? null : (
          <div class="files-save">
            <Button icon="save" onPress={() => props.onSaveAll(files)}>
              {filePickers() === undefined ? i18n.t('player.files.saveAllInTab') : i18n.t('player.files.saveAll')}
            </Button>
          </div>
        )}
        {props.onClose === undefined ? null : <IconButton icon="close" label={i18n.t('player.files.close')} onPress={props.onClose} />}
      </header>
      {files.some(isPlayable) ? null : <p class="files-warning">{i18n.t('player.files.nothingPlayable')}</p>}
      <div class="files-body">
        <ul>
          {files.map((file) => (
            <li key={file.index} class="file-row">
              <FileButton
                file={file}
                playing={file.index === props.playingIndex}
                saving={props.saving.get(file.index)}
                onChoose={isShown(file) ? props.onChoose : () => props.onSave(file)}
              />
              <IconButton
                icon="save"
                label={i18n.t('player.files.save', { name: file.path.at(-1) ?? i18n.t('player.files.theFile') })}
                onPress={() => props.onSave(file)}
              />
            </li>
          ))}
        </ul>
        <div class="files-links">
          <MagnetActions magnet={props.magnet} />
        </div>
      </div>
    </section>
  );
}

interface FileButtonProps {
  readonly file: FileSnapshot;
  readonly playing: boolean;
  readonly saving: SavingState | undefined;
  readonly onChoose: (fileIndex: number) => void;
}

function FileButton(props: FileButtonProps) {
  const { file } = props;
  const kind = KINDS[file.kind];
  const folders = file.path.slice(0, -1);
  const verified =
    file.verifiedBytes === 0 ? [] : [i18n.t('player.files.here', { share: formatShare(file.verifiedBytes, file.lengthBytes) })];
  const left = file.positionS === undefined ? [] : [i18n.t('player.files.leftAt', { position: formatPosition(file.positionS) })];
  return (
    <button
      type="button"
      class={isPlayable(file) ? 'file' : 'file file-dim'}
      data-file-index={file.index}
      aria-current={props.playing ? 'true' : undefined}
      onClick={() => props.onChoose(file.index)}
    >
      <Icon name={props.playing ? 'play' : kind.icon} />
      <span class="file-name">
        <bdi>{file.path.at(-1)}</bdi>
        <span class="soft small">
          {[kind.word, formatBytes(file.lengthBytes), ...verified, ...left, ...savingWords(file, props.saving)].join(' · ')}
          {folders.length === 0 ? null : (
            <>
              {' · '}
              <bdi>{folders.join(' / ')}</bdi>
            </>
          )}
        </span>
      </span>
    </button>
  );
}

function savingWords(file: FileSnapshot, saving: SavingState | undefined): readonly string[] {
  switch (saving?.kind) {
    case undefined:
      return [];
    case 'saving':
      return [i18n.t('player.files.saving', { share: formatShare(saving.savedBytes, file.lengthBytes) })];
    case 'saved':
      return [i18n.t('player.files.saved')];
    case 'handed-over':
      return [i18n.t('player.files.handedOver')];
    case 'failed':
      return [i18n.t('player.files.notSaved', { reason: saving.sentence })];
  }
}
