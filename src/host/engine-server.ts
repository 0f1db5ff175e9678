import * as v from 'valibot';
import type { Engine } from '@/src/engine/engine-interface';
import type { EngineCalls, EngineEvents, EngineSettings } from '@/src/protocol/engine-api';
import { magnetOfTorrent } from '@/src/protocol/torrent-magnet';
import { portRpc } from '@/src/messaging/port-rpc';
import { announcePresence, onceGone } from '@/src/messaging/presence';
import { hostMessage, type EngineGreeting, type HostMessage } from '@/src/messaging/switchboard-messages';
import { IDLE_AFTER_MS, IdleWatch } from './idle-watch';
import { SessionOpenings } from './session-openings';
import { serveStream } from './stream-server';
import { systemClock } from './system-clock';
import { validatedCalls } from './validated-calls';

export interface EngineServerOptions {
  /** Where the service worker's messages arrive: `navigator.serviceWorker` in the offscreen document. */
  readonly messages: Pick<EventTarget, 'addEventListener'>;
  /** Called once, with the settings that came with the first port: nothing is built before. */
  readonly startEngine: (settings: EngineSettings) => Promise<Engine>;
  /** The first film is about to be asked for: what the browser does only once can be done now. */
  readonly onFilmExpected?: () => void;
  /** Nobody has needed the engine for a minute; it has been closed durably. */
  readonly onIdle?: () => void;
  readonly signal: AbortSignal;
}

/** Puts the engine behind ports. Listens from the start, since messages that no one hears are lost, and answers once the engine is there. */
export function serveEngine({ messages, startEngine, onFilmExpected, onIdle, signal }: EngineServerOptions): void {
  const openings = new SessionOpenings();
  const presence = announcePresence('engine', signal);
  let starting: Promise<Engine> | undefined;
  let filmExpected = false;
  const expectFilm = (): void => {
    if (!filmExpected) onFilmExpected?.();
    filmExpected = true;
  };
  const idleWatch = new IdleWatch({
    clock: systemClock,
    idleAfterMs: IDLE_AFTER_MS,
    onIdle: () => void closeIdle(starting, onIdle),
  });

  const receive = async (message: HostMessage, port: MessagePort | undefined): Promise<void> => {
    const isFirst = starting === undefined;
    const engine = await (starting ??= startWatched(startEngine, message.settings, idleWatch, signal));
    if (!isFirst) engine.applySettings(message.settings);
    if (message.type === 'warm') engine.warm();
    if (message.type === 'film') {
      openAhead(engine, message.magnet, openings);
      expectFilm();
    }
    const engineLock = await presence;
    if (port === undefined || signal.aborted) return;
    switch (message.type) {
      case 'client':
        idleWatch.addPage(serveClient(engine, { port, clientLock: message.clientLock, engineLock }, openings, signal));
        break;
      case 'stream': {
        const { request, workerLock } = message;
        await serveStream(engine, { request, port, workerLock, engineLock }, (id, over) => openings.next(id, over), signal);
        break;
      }
      case 'torrent':
        port.postMessage(magnetOfTorrent(message.bytes));
        break;
      case 'settings':
      case 'warm':
      case 'film':
        break;
    }
  };
  messages.addEventListener(
    'message',
    (event) => {
      if (!(event instanceof MessageEvent)) return;
      const parsed = v.safeParse(hostMessage, event.data);
      if (parsed.success) void receive(parsed.output, event.ports[0]);
    },
    { signal },
  );
}

async function startWatched(
  startEngine: EngineServerOptions['startEngine'],
  settings: EngineSettings,
  idleWatch: IdleWatch,
  signal: AbortSignal,
): Promise<Engine> {
  const engine = await startEngine(settings);
  const calls = engine.connectClient({ snapshot: ({ sessions }) => idleWatch.setSessions(sessions.length) }, signal);
  await calls.watch({ kind: 'all' });
  return engine;
}

/** A link that cannot be opened is explained to the page that asks for it. */
function openAhead(engine: Engine, magnet: string, openings: SessionOpenings): void {
  const sessionId = engine.openAhead(magnet);
  if (sessionId !== undefined) openings.announce(sessionId);
}

async function closeIdle(starting: Promise<Engine> | undefined, onIdle: (() => void) | undefined): Promise<void> {
  try {
    await (await starting)?.close();
  } finally {
    // Half closed it would serve nobody; the document ends either way, and the next page gets a new engine.
    onIdle?.();
  }
}

interface ServedClient {
  readonly port: MessagePort;
  readonly clientLock: string;
  readonly engineLock: string;
}

/** Returns the signal of the page's leave. */
function serveClient(engine: Engine, client: ServedClient, openings: SessionOpenings, hostSignal: AbortSignal): AbortSignal {
  const closing = new AbortController();
  const signal = AbortSignal.any([hostSignal, closing.signal]);
  onceGone(client.clientLock, signal, () => closing.abort());
  const greeting: EngineGreeting = { type: 'engine-hello', engineLock: client.engineLock };
  client.port.postMessage(greeting);

  const events: EngineEvents = {
    snapshot(snapshot) {
      if (!signal.aborted) void rpc.snapshot.asEvent(snapshot);
    },
  };
  const calls = validatedCalls(engine.connectClient(events, signal));
  const local: EngineCalls = {
    ...calls,
    async openSession(request) {
      const answer = await calls.openSession(request);
      openings.announce(answer.sessionId);
      return answer;
    },
  };
  const rpc = portRpc<EngineEvents, EngineCalls>(client.port, local, signal);
  return signal;
}
