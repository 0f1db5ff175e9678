import { CopyButton } from '@/src/ui/components/copy-button';
import { Icon } from '@/src/ui/components/icon';
import { i18n } from '@/src/ui/state/i18n';

/** The ways out of this player. */
export function MagnetActions(props: { readonly magnet: string }) {
  return (
    <>
      <CopyButton text={props.magnet} label={i18n.t('common.copyMagnet')} />
      {/^magnet:\?/i.test(props.magnet) ? (
        <a class="button" href={props.magnet}>
          <Icon name="external" />
          {i18n.t('player.openInApp')}
        </a>
      ) : null}
    </>
  );
}
