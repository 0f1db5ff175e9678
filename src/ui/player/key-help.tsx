import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '@/src/ui/components/button';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import { KEY_ROWS } from '@/src/ui/state/player-keys';

/** The list of keys, over everything; the browser keeps the focus inside and gives it back. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
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
        if (event.key === '?') element.current?.close();
      }}
    >
      <header>
        <h2 id="key-help-title">{i18n.t('keys.title')}</h2>
        <IconButton icon="close" label={i18n.t('common.close')} onPress={() => element.current?.close()} />
      </header>
      <dl>
        {KEY_ROWS.map(({ shown, does }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>
            <RichText text={i18n.t('keys.digits')} values={{ first: <kbd>0</kbd>, last: <kbd>9</kbd> }} />
          </dt>
          <dd>{i18n.t('keys.toTenth')}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{i18n.t('keys.escape')}</dd>
        </div>
      </dl>
    </dialog>
  );
}
