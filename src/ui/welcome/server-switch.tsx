import { Switch } from '@/src/ui/components/switch';

interface ServerSwitchProps {
  readonly address: string;
  readonly note: string | undefined;
  readonly enabled: boolean;
  readonly onEnable: (enabled: boolean) => void;
}

export function ServerSwitch(props: ServerSwitchProps) {
  return (
    <li data-server={props.address}>
      <Switch checked={props.enabled} onChange={props.onEnable}>
        <code>{props.address}</code>
        {props.note === undefined ? null : <span class="soft small"> {props.note}</span>}
      </Switch>
    </li>
  );
}
