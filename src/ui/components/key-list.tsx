import { i18n } from '@/src/ui/state/i18n';
import { keyRows } from '@/src/ui/state/player-keys';
import { RichText } from './rich-text';

/** The keys of the player. @param singleKeys whether those of one character are among them */
export function KeyList({ singleKeys }: { readonly singleKeys: boolean }) {
  return (
    <dl class="key-list">
      {keyRows(singleKeys).map(({ shown, does }) => (
        <div key={shown}>
          <dt>
            <kbd>{shown}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
      {singleKeys ? (
        <div>
          <dt>
            <RichText text={i18n.t('keys.digits')} values={{ first: <kbd>0</kbd>, last: <kbd>9</kbd> }} />
          </dt>
          <dd>{i18n.t('keys.toTenth')}</dd>
        </div>
      ) : null}
      <div>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>{i18n.t('keys.escape')}</dd>
      </div>
    </dl>
  );
}
