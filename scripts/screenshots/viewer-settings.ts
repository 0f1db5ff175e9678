import { DEFAULT_SETTINGS } from '@/src/settings/schema';

const TURN_SERVER = { urls: 'turn:turn.example.org:3478', username: 'viewer', credential: 'secret', enabled: false };

/** Asks nobody outside this computer, and has one of everything a viewer can enter. */
export function viewerSettings(signalingUrl: string): Readonly<Record<string, unknown>> {
  return {
    signalingServers: [{ url: signalingUrl, enabled: true }],
    iceServers: [...DEFAULT_SETTINGS.iceServers.map((server) => ({ ...server, enabled: false })), TURN_SERVER],
    trackers: DEFAULT_SETTINGS.trackers.map((tracker) => ({ ...tracker, enabled: false })),
  };
}
