import { TextField } from '@/src/ui/components/text-field';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import { checkSignalingServers, type SignalingServer } from '@/src/ui/state/settings-check';
import { AddServer } from './add-server';
import { ServerRow } from './server-row';

interface SignalingServerListProps {
  readonly servers: readonly SignalingServer[];
  readonly onChange: (servers: SignalingServer[]) => void;
}

export function SignalingServerList({ servers, onChange }: SignalingServerListProps) {
  function commit(next: readonly SignalingServer[]): string | undefined {
    const checked = checkSignalingServers(next);
    if (!checked.ok) return checked.sentence;
    onChange(checked.value);
    return undefined;
  }

  return (
    <div class="servers" id="signaling-servers">
      <ul>
        {servers.map((server, index) => (
          <ServerRow
            key={server.url}
            address={server.url}
            enabled={server.enabled}
            isFirst={index === 0}
            isLast={index === servers.length - 1}
            onEnable={(enabled) => onChange(replaceAt(servers, index, { ...server, enabled }))}
            onMove={(places) => onChange(moveBy(servers, index, places))}
            onRemove={() => onChange(removeAt(servers, index))}
          >
            <TextField label="Address" value={server.url} onCommit={(url) => commit(replaceAt(servers, index, { ...server, url }))} />
          </ServerRow>
        ))}
      </ul>
      {servers.some((server) => server.enabled) ? null : <p class="field-error">Without a signaling server no film can be found.</p>}
      <AddServer
        label="Add a signaling server"
        placeholder="https://signal.example.org"
        onAdd={(url) => commit([...servers, { url, enabled: true }])}
      />
    </div>
  );
}
