import * as v from 'valibot';
import { EngineCallError } from '@/src/protocol/engine-api';
import { connectEngineRequest, type EngineGreeting } from '@/src/messaging/switchboard-messages';
import { reachEngine } from './offscreen-host';
import { worker, type ExtendableMessageEvent } from './service-worker-scope';
import { notice } from '@/src/protocol/notice';

/** Hands the port of one of our pages on to the engine; from then on the two talk without this worker. */
export function routePort(event: ExtendableMessageEvent): void {
  const [port] = event.ports;
  const request = v.safeParse(connectEngineRequest, event.data);
  if (event.origin !== worker.location.origin || port === undefined || !request.success) return;
  event.waitUntil(connectClient(request.output.clientLock, port));
}

async function connectClient(clientLock: string, port: MessagePort): Promise<void> {
  try {
    const engine = await reachEngine();
    engine.post({ type: 'client', clientLock, settings: engine.settings }, port);
  } catch (error) {
    const { code, notice: said } = error instanceof EngineCallError ? error : new EngineCallError('internal', notice('unexpected'));
    const refusal: EngineGreeting = { type: 'engine-refused', code, notice: said };
    port.postMessage(refusal);
  }
}
