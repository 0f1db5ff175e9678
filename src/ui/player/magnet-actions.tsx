import { CopyButton } from '@/src/ui/components/copy-button';
import { Icon } from '@/src/ui/components/icon';

/** The ways out of this player. */
export function MagnetActions(props: { readonly magnet: string }) {
  return (
    <>
      <CopyButton text={props.magnet} label="Copy magnet" />
      {/^magnet:\?/i.test(props.magnet) ? (
        <a class="button" href={props.magnet}>
          <Icon name="external" />
          Open in torrent app
        </a>
      ) : null}
    </>
  );
}
