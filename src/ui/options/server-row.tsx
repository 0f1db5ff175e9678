import type { ComponentChildren } from 'preact';
import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';
import { i18n } from '@/src/ui/state/i18n';

interface ServerRowProps {
  readonly children: ComponentChildren;
  /** The address, for the labels of the buttons. */
  readonly address: string;
  readonly enabled: boolean;
  /** It cannot be used before something else is entered. */
  readonly isIncomplete?: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onEnable: (enabled: boolean) => void;
  readonly onMove: (places: number) => void;
  readonly onRemove: () => void;
}

export function ServerRow(props: ServerRowProps) {
  return (
    <li class="server-row" data-server={props.address}>
      <Switch checked={props.enabled} disabled={props.isIncomplete === true && !props.enabled} onChange={props.onEnable}>
        <span class="visually-hidden">{i18n.t('options.server.use', { address: props.address })}</span>
      </Switch>
      <div class="server-fields">{props.children}</div>
      <div class="server-buttons">
        <IconButton
          icon="up"
          label={i18n.t('options.server.up', { address: props.address })}
          disabled={props.isFirst}
          onPress={() => props.onMove(-1)}
        />
        <IconButton
          icon="down"
          label={i18n.t('options.server.down', { address: props.address })}
          disabled={props.isLast}
          onPress={() => props.onMove(1)}
        />
        <IconButton icon="trash" label={i18n.t('options.server.remove', { address: props.address })} onPress={props.onRemove} />
      </div>
    </li>
  );
}
