import type { ComponentChildren } from 'preact';
import { IconButton } from '@/src/ui/components/button';
import { Switch } from '@/src/ui/components/switch';

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
        <span class="visually-hidden">Use {props.address}</span>
      </Switch>
      <div class="server-fields">{props.children}</div>
      <div class="server-buttons">
        <IconButton icon="up" label={`Move ${props.address} up`} disabled={props.isFirst} onPress={() => props.onMove(-1)} />
        <IconButton icon="down" label={`Move ${props.address} down`} disabled={props.isLast} onPress={() => props.onMove(1)} />
        <IconButton icon="trash" label={`Remove ${props.address}`} onPress={props.onRemove} />
      </div>
    </li>
  );
}
