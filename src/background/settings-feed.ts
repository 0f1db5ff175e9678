import { engineSettings, type Settings } from '@/src/settings/schema';
import { watchSettings } from '@/src/settings/settings-store';
import type { EngineAvailableNotice, HostMessage } from '@/src/messaging/switchboard-messages';
import { findEngineClient, forgetEngine } from './offscreen-host';
import { guardPrivateAddresses } from './private-address-guard';
import { worker } from './service-worker-scope';

/** The offscreen document has no storage API, so changes are brought to it. It is not started for them: it gets the settings with its first port. */
export function feedSettings(signal: AbortSignal): void {
  watchSettings((settings) => {
    forgetEngine();
    void spread(settings);
  }, signal);
}

async function spread(settings: Settings): Promise<void> {
  const forEngine = engineSettings(settings);
  const message: HostMessage = { type: 'settings', settings: forEngine };
  // A server of the viewer's own network would be blocked at its first try.
  await guardPrivateAddresses(forEngine);
  (await findEngineClient())?.postMessage(message);
  if (settings.consentedAtMs === null) return;
  const notice: EngineAvailableNotice = { type: 'engine-available' };
  for (const client of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })) client.postMessage(notice);
}
