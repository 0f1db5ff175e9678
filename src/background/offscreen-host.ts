import { browser } from 'wxt/browser';
import { EngineCallError, type EngineSettings } from '@/src/protocol/engine-api';
import { engineSettings } from '@/src/settings/schema';
import { loadSettings } from '@/src/settings/settings-store';
import type { HostMessage } from '@/src/messaging/switchboard-messages';
import { isOffscreenDocument, offscreenAddress } from '@/src/messaging/offscreen-address';
import { guardPrivateAddresses } from './private-address-guard';
import { worker, type WorkerClient } from './service-worker-scope';
import { notice } from '@/src/protocol/notice';

/** The engine this worker has found before, as long as no setting changes: looking anew takes tens of ms while a film starts. */
let found: { readonly clientId: string; readonly settings: EngineSettings } | undefined;
/** Counts the changes of settings. */
let changes = 0;

export interface ReachedEngine {
  readonly settings: EngineSettings;
  post(message: HostMessage, port?: MessagePort): void;
}

/** The engine, started if need be. @throws {EngineCallError} `no-consent`: until the viewer agreed, nothing is started at all */
export async function reachEngine(): Promise<ReachedEngine> {
  const before = found;
  const known = before === undefined ? undefined : await worker.clients.get(before.clientId);
  if (before !== undefined && known !== undefined && found === before) return reached(known, before.settings);
  if (!engineSettings(await loadSettings()).consented) {
    throw new EngineCallError('no-consent', notice('noConsent'));
  }
  const client = (await findEngineClient()) ?? (await navigator.locks.request('lodestream-offscreen', startEngine));
  const settings = await freshSettings();
  found = { clientId: client.id, settings };
  return reached(client, settings);
}

/** Read last, and again if they change meanwhile: settings that changed while the engine started have been announced to nobody. */
async function freshSettings(): Promise<EngineSettings> {
  for (;;) {
    const before = changes;
    const settings = engineSettings(await loadSettings());
    await guardPrivateAddresses(settings);
    if (changes === before) return settings;
  }
}

/** The settings have changed: the next to reach the engine brings the new ones. */
export function forgetEngine(): void {
  changes++;
  found = undefined;
}

function reached(client: WorkerClient, settings: EngineSettings): ReachedEngine {
  return { settings, post: (message, port) => client.postMessage(message, port === undefined ? [] : [port]) };
}

/** Undefined when no engine runs. */
export async function findEngineClient(): Promise<WorkerClient | undefined> {
  const clients = await worker.clients.matchAll({ type: 'all', includeUncontrolled: true });
  return clients.find((client) => isOffscreenDocument(client.url));
}

/** One at a time: who loses the race for the only offscreen document is told before the winner's document can be found. */
async function startEngine(): Promise<WorkerClient> {
  const started = await findEngineClient();
  if (started !== undefined) return started;
  let failure = 'It closed while it was starting.';
  try {
    await browser.offscreen.createDocument({
      url: offscreenAddress(chrome.extension.inIncognitoContext),
      reasons: ['WEB_RTC'],
      justification: 'Fetches films from peers by WebRTC and keeps their pieces, for every tab at once.',
    });
  } catch (error) {
    // The worker before this one may have been killed with its document half made.
    failure = error instanceof Error ? error.message : String(error);
  }
  const client = await findEngineClient();
  if (client === undefined) throw new EngineCallError('engine-lost', notice('engineNotStarted'), failure);
  return client;
}
