import { EngineCallError, type EngineSettings } from '@/src/protocol/engine-api';
import type { HostMessage } from '@/src/messaging/switchboard-messages';
import { reachEngine } from './offscreen-host';
import { holdWorkerLock } from './stream-link';

/**
 * Does what the player page would ask for anyway, while that page is still loading: starting the engine takes about as long as the page.
 * Without consent nothing is started, and whatever fails here the page meets again and explains.
 */
export async function engineAhead(message: (settings: EngineSettings) => HostMessage): Promise<void> {
  void holdWorkerLock();
  try {
    const engine = await reachEngine();
    engine.post(message(engine.settings));
  } catch (error) {
    if (!(error instanceof EngineCallError)) throw error;
  }
}
