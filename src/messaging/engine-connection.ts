import * as v from 'valibot';
import { EngineCallError, type EngineCalls, type EngineEvents } from '@/src/protocol/engine-api';
import { engineAvailableNotice, engineGreeting, type ConnectEngineRequest, type EngineGreeting } from './switchboard-messages';
import { onPortMessage } from './port-messages';
import { portRpc } from './port-rpc';
import { announcePresence, onceGone } from './presence';

/** The service worker can be killed between taking the port and handing it on; then nobody answers and only asking again helps. */
const GREETING_TIMEOUT_MS = 5_000;
/** After a failure; a dead engine is otherwise replaced at once. */
const RETRY_DELAY_MS = 1_000;

export interface EngineConnection {
  /** What the engine tells this page. */
  readonly events: EngineEvents;
  /** Each time an engine is reached, first or again. It knows nothing of this page yet: open sessions and watch anew. */
  readonly onConnected: (calls: EngineCalls) => void;
  /** The engine died; pending calls have been rejected with `engine-lost`. Another is sought already. */
  readonly onLost: () => void;
  /** No engine could be reached: `no-consent` is tried again as soon as the viewer agrees, anything else in a second. */
  readonly onRefused?: (error: EngineCallError) => void;
  readonly signal: AbortSignal;
}

/** Keeps this extension page connected to the engine until the signal aborts, across deaths of engine and service worker. */
export function connectEngine(connection: EngineConnection): void {
  void keepConnected(connection);
}

async function keepConnected(connection: EngineConnection): Promise<void> {
  const { signal } = connection;
  while (!signal.aborted) {
    const outcome = await connectOnce(connection);
    if (signal.aborted) return;
    switch (outcome) {
      case 'lost':
        connection.onLost();
        break;
      case 'refused':
        await nextEngineAvailable(signal);
        break;
      case 'unanswered':
        await delay(RETRY_DELAY_MS, signal);
        break;
    }
  }
}

type Outcome = 'lost' | 'refused' | 'unanswered';

/** Resolves when this one connection is over. */
async function connectOnce(connection: EngineConnection): Promise<Outcome> {
  const attempt = new AbortController();
  const signal = AbortSignal.any([connection.signal, attempt.signal]);
  const { port1: port, port2: enginePort } = new MessageChannel();
  try {
    // For this attempt alone: an engine that answers after it was given up hangs up again at once.
    const [clientLock, registration] = await Promise.all([announcePresence('client', signal), navigator.serviceWorker.ready]);
    const greeting = nextGreeting(port, AbortSignal.any([signal, AbortSignal.timeout(GREETING_TIMEOUT_MS)]));
    const request: ConnectEngineRequest = { type: 'connect-engine', clientLock };
    registration.active?.postMessage(request, [enginePort]);
    const answer = await greeting;
    if (answer === undefined) return 'unanswered';
    if (answer.type === 'engine-refused') {
      connection.onRefused?.(new EngineCallError(answer.code, answer.notice));
      return answer.code === 'no-consent' ? 'refused' : 'unanswered';
    }
    const calls = portRpc<EngineCalls, EngineEvents>(port, connection.events, signal);
    connection.onConnected(calls);
    await new Promise<void>((gone) => {
      signal.addEventListener('abort', () => gone(), { once: true });
      onceGone(answer.engineLock, signal, gone);
    });
    return 'lost';
  } finally {
    attempt.abort();
    port.close();
  }
}

function nextGreeting(port: MessagePort, signal: AbortSignal): Promise<EngineGreeting | undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    onPortMessage(port, engineGreeting, signal, resolve);
  });
}

function nextEngineAvailable(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const heard = new AbortController();
    const listening = AbortSignal.any([signal, heard.signal]);
    listening.addEventListener('abort', () => resolve(), { once: true });
    navigator.serviceWorker.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        if (v.is(engineAvailableNotice, event.data)) heard.abort();
      },
      { signal: listening },
    );
    navigator.serviceWorker.startMessages();
  });
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    over.addEventListener('abort', () => resolve(), { once: true });
  });
}
