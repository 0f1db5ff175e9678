import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';
import type { Logger } from 'pino';

export interface Bus {
  /** Lost messages are not sent again: what they said is said anew once the bus is back. */
  send(channel: string, text: string): void;
  readonly isConnected: boolean;
  /** Once what was sent has arrived at Redis, but for a Redis that does not answer. */
  close(): Promise<void>;
}

export interface BusListeners {
  onMessage(text: string): void;
  /** Connected, for the first time or again. */
  onUp(): void;
  onDown(): void;
}

const LONGEST_RETRY_MS = 1000;
/** What is sent last has so long to arrive. */
const LAST_WORDS_MS = 500;

/** Redis publish and subscribe. It connects by itself, over and over: that Redis is away ends nothing. */
export function openRedisBus(url: string, channels: readonly string[], listeners: BusListeners, log: Logger): Bus {
  const socket = { reconnectStrategy: retryDelayMs, connectTimeout: 5000 };
  const publisher = createClient({ url, socket, disableOfflineQueue: true });
  const subscriber = createClient({ url, socket });
  let isSubscribed = false;
  let isUp = false;
  /** Redis answers in order: once this one has arrived, all have. */
  let lastSent: Promise<unknown> = Promise.resolve();
  const look = (): void => {
    const isNow = publisher.isReady && subscriber.isReady && isSubscribed;
    if (isNow === isUp) return;
    isUp = isNow;
    log.info(isNow ? 'connected to Redis' : 'Redis is away: this node serves its own clients alone');
    if (isNow) listeners.onUp();
    else listeners.onDown();
  };
  // Told of by what follows from it.
  for (const client of [publisher, subscriber]) for (const event of ['error', 'ready', 'end', 'reconnecting']) client.on(event, look);
  const start = async (): Promise<void> => {
    await Promise.all([publisher.connect(), subscriber.connect()]);
    await subscriber.subscribe([...channels], (text) => listeners.onMessage(text));
    isSubscribed = true;
    look();
  };
  start().catch((error: unknown) => log.warn({ err: error }, 'Redis could not be used'));
  return {
    get isConnected() {
      return isUp;
    },
    send(channel, text) {
      // It is away, or has just gone: what was said is said anew when it is back.
      if (isUp) lastSent = publisher.publish(channel, text).catch(look);
    },
    async close() {
      // It would be forgotten with the connection: a message is written only after this turn.
      await Promise.race([lastSent, wait(LAST_WORDS_MS, undefined, { ref: false })]);
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

function retryDelayMs(tries: number): number {
  return Math.min(LONGEST_RETRY_MS, 50 * 2 ** Math.min(tries, 10));
}
