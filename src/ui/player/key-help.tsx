import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '@/src/ui/components/button';
import { KeyList } from '@/src/ui/components/key-list';
import { i18n } from '@/src/ui/state/i18n';
import { playerAction } from '@/src/ui/state/player-keys';

interface KeyHelpProps {
  readonly singleKeys: boolean;
  readonly onClose: () => void;
}

/** The list of keys, over everything; the browser keeps the focus inside and gives it back. */
export function KeyHelp({ singleKeys, onClose }: KeyHelpProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class="key-help"
      aria-labelledby="key-help-title"
      onClose={onClose}
      onKeyDown={(event) => {
        // The overlay stays: only this closes.
        if (event.key === 'Escape') event.stopPropagation();
        if (playerAction(event, singleKeys)?.kind === 'help') element.current?.close();
      }}
    >
      <header>
        <h2 id="key-help-title">{i18n.t('keys.title')}</h2>
        <IconButton icon="close" label={i18n.t('common.close')} onPress={() => element.current?.close()} />
      </header>
      <KeyList singleKeys={singleKeys} />
    </dialog>
  );
}
