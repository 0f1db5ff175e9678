import type { Settings } from '@/src/settings/schema';
import { isTurn } from '@/src/ui/state/settings-check';
import { Switch } from './switch';

interface RelayOnlyProps {
  readonly settings: Settings;
  readonly onChange: (relayOnly: boolean) => void;
}

/** Hides the viewer's address from peers; from nobody else, and it says so. */
export function RelayOnly({ settings, onChange }: RelayOnlyProps) {
  const hasTurn = settings.iceServers.some(({ enabled, urls }) => enabled && isTurn(urls));
  return (
    <>
      <Switch id="relay-only" checked={settings.relayOnly} onChange={onChange}>
        <strong>Relay only: hide my address from peers</strong>
        <p class="soft">
          Every connection to a peer then goes through a TURN server; peers see that server’s address instead of yours. The TURN server,
          signaling servers, trackers and web servers that hold a film still see yours, and this makes a film no secret to them. It is
          slower, and the TURN server’s host pays for the traffic. Open connections are closed when you switch.
        </p>
      </Switch>
      {settings.relayOnly && !hasTurn ? (
        <output class="missing" id="relay-missing">
          <strong>Relay only needs a TURN server, and none is switched on.</strong> Unless a signaling server issues one, no peer is
          connected to. Add a TURN server in the settings, or switch this off.
        </output>
      ) : null}
    </>
  );
}
