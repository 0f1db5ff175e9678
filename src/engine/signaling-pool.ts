import type { SignalingClient } from '@/src/transport/signaling-client';
import type { EngineOptions } from './engine-options';

/** One client for each signaling server in the settings, shared by all sessions and kept while its address stays in the list. */
export class SignalingPool {
  readonly #options: EngineOptions;
  readonly #open = new Map<string, { readonly client: SignalingClient; readonly abort: AbortController }>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get clients(): readonly SignalingClient[] {
    return Array.from(this.#open.values(), ({ client }) => client);
  }

  configure(urls: readonly string[]): void {
    for (const [url, { abort }] of this.#open) {
      if (urls.includes(url)) continue;
      abort.abort();
      this.#open.delete(url);
    }
    for (const url of urls) {
      if (this.#open.has(url)) continue;
      const abort = new AbortController();
      this.#open.set(url, { client: this.#options.createSignaling(url, abort.signal), abort });
    }
  }

  connectAll(): void {
    for (const { client } of this.#open.values()) client.connect();
  }
}
