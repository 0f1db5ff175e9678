import type { Engine } from '@/src/engine/engine-interface';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { serveEngine } from '@/src/host/engine-server';
import type { HostMessage } from '@/src/messaging/switchboard-messages';

export const TEST_SETTINGS: EngineSettings = {
  consented: true,
  signalingUrls: [],
  iceServers: [],
  defaultMode: 'hybrid',
  trackers: [],
  allowLocalPeers: false,
};

/** Stands in for the browser around the engine's document: reaches the running one, or starts the next. */
export class HostedEngines {
  readonly #makeEngine: (settings: EngineSettings) => Engine;
  #running: { readonly messages: EventTarget; readonly life: AbortController } | undefined;
  started = 0;

  constructor(makeEngine: (settings: EngineSettings) => Engine) {
    this.#makeEngine = makeEngine;
  }

  readonly reach = async () => {
    const { messages } = (this.#running ??= this.#start());
    return { settings: TEST_SETTINGS, post: (message: HostMessage, port: MessagePort) => deliver(messages, message, [port]) };
  };

  /** As when the document is closed: nothing is said to anybody. */
  kill(): void {
    this.#running?.life.abort();
    this.#running = undefined;
  }

  tell(message: unknown, ports: MessagePort[] = []): void {
    deliver((this.#running ??= this.#start()).messages, message, ports);
  }

  #start(): { messages: EventTarget; life: AbortController } {
    this.started++;
    const running = { messages: new EventTarget(), life: new AbortController() };
    serveEngine({ messages: running.messages, startEngine: async (settings) => this.#makeEngine(settings), signal: running.life.signal });
    return running;
  }
}

function deliver(messages: EventTarget, data: unknown, ports: MessagePort[]): void {
  messages.dispatchEvent(new MessageEvent('message', { data, ports }));
}
