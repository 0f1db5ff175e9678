import { useState } from 'preact/hooks';
import type { ServerTestRequest } from '@/src/protocol/engine-api';
import { lacksCredentials } from '@/src/settings/lacks-credentials';
import { AddAddress } from '@/src/ui/components/add-address';
import { TextField } from '@/src/ui/components/text-field';
import { i18n } from '@/src/ui/state/i18n';
import { moveBy, removeAt, replaceAt } from '@/src/ui/state/ordered-list';
import { createRowKeys } from '@/src/ui/state/row-keys';
import { checkIceServers, isTurn, type IceServerSetting } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { ServerRow } from './server-row';
import { ServerTestButton } from './server-test-button';

interface IceServerListProps {
  readonly servers: readonly IceServerSetting[];
  readonly onChange: (servers: IceServerSetting[]) => void;
  readonly model: OptionsModel;
}

export function IceServerList({ servers, onChange, model }: IceServerListProps) {
  const [keysOf] = useState(createRowKeys);
  const keys = keysOf(servers.map(({ urls }) => urls));

  function commit(next: readonly IceServerSetting[]): string | undefined {
    const checked = checkIceServers(next);
    if (!checked.ok) return checked.sentence;
    onChange(checked.value);
    return undefined;
  }

  return (
    <div class="servers" id="ice-servers">
      <ul>
        {servers.map((server, index) => (
          <ServerRow
            key={keys[index]}
            address={server.urls}
            enabled={server.enabled}
            isIncomplete={lacksCredentials(server)}
            isFirst={index === 0}
            isLast={index === servers.length - 1}
            onEnable={(enabled) => onChange(replaceAt(servers, index, { ...server, enabled }))}
            onMove={(places) => onChange(moveBy(servers, index, places))}
            onRemove={() => onChange(removeAt(servers, index))}
          >
            <TextField
              label={i18n.t('options.server.address')}
              value={server.urls}
              onCommit={(urls) => commit(replaceAt(servers, index, isTurn(urls) ? { ...server, urls } : { urls, enabled: server.enabled }))}
            />
            {isTurn(server.urls) ? (
              <div class="credentials">
                <TextField
                  label={i18n.t('options.server.userName')}
                  value={server.username ?? ''}
                  onCommit={(username) => commit(replaceAt(servers, index, { ...server, username }))}
                />
                <TextField
                  label={i18n.t('options.server.password')}
                  secret
                  value={server.credential ?? ''}
                  onCommit={(credential) => commit(replaceAt(servers, index, { ...server, credential }))}
                />
              </div>
            ) : null}
            {lacksCredentials(server) ? <p class="missing small">{i18n.t('options.server.lacksCredentials')}</p> : null}
            {server.enabled ? <ServerTestButton request={iceTest(server)} model={model} /> : null}
          </ServerRow>
        ))}
      </ul>
      <AddIceServer onAdd={(server) => commit([...servers, server])} />
    </div>
  );
}

function iceTest({ urls, username, credential }: IceServerSetting): ServerTestRequest {
  const secrets = { ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) };
  return { kind: 'ice', server: { urls, ...secrets } };
}

function AddIceServer(props: { readonly onAdd: (server: IceServerSetting) => string | undefined }) {
  const [username, setUsername] = useState('');
  const [credential, setCredential] = useState('');

  function add(urls: string): string | undefined {
    const secrets = isTurn(urls) ? { username, credential } : {};
    const refusal = props.onAdd({ urls, enabled: true, ...secrets });
    if (refusal === undefined) {
      setUsername('');
      setCredential('');
    }
    return refusal;
  }

  return (
    <AddAddress label={i18n.t('options.ice.add')} placeholder="turn:turn.example.org:3478" onAdd={add}>
      <details class="disclosure">
        <summary>{i18n.t('options.ice.credentials')}</summary>
        <div class="credentials">
          <div class="field">
            <label htmlFor="new-ice-username">{i18n.t('options.server.userName')}</label>
            <input
              id="new-ice-username"
              type="text"
              value={username}
              spellcheck={false}
              autocomplete="off"
              onInput={(event) => setUsername(event.currentTarget.value)}
            />
          </div>
          <div class="field">
            <label htmlFor="new-ice-credential">{i18n.t('options.server.password')}</label>
            <input
              id="new-ice-credential"
              type="password"
              value={credential}
              autocomplete="off"
              onInput={(event) => setCredential(event.currentTarget.value)}
            />
          </div>
        </div>
      </details>
    </AddAddress>
  );
}
