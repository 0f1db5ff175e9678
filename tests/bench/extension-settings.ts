import type { EngineMode } from '@/src/protocol/engine-api';
import type { Addresses, Surroundings } from './surroundings';

/** What the viewer would have set on the options page. */
export function extensionSettings(mode: EngineMode, { signalingUrl, trackerUrl }: Addresses, { iceServers, scenario }: Surroundings) {
  return {
    defaultMode: mode,
    signalingServers: [{ url: signalingUrl, enabled: true }],
    trackers: [{ url: trackerUrl, enabled: true }],
    iceServers: iceServers.map((server) => ({ ...server, enabled: true })),
    // The far end of a line is another machine on the viewer's own network.
    allowLocalPeers: scenario.line !== undefined,
  };
}
