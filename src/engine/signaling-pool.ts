import type { SignalingClient } from '@/src/transport/signaling-client';
import type { EngineOptions } from './engine-options';

/** One client for each signaling server that any session uses, shared by all and kept while its address stays in the list. */
export class SignalingPool {
  readonly #options: EngineOptions;
  readonly #open = new Map<
    string,
    { readonly client: SignalingClient; readonly token: string | undefined; readonly abort: AbortController }
  >();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get clients(): readonly SignalingClient[] {
    return Array.from(this.#open.values(), ({ client }) => client);
  }

  clientsOf(urls: readonly string[]): readonly SignalingClient[] {
    return urls.flatMap((url) => this.#open.get(url)?.client ?? []);
  }

  /** @param tokens of servers that take in only those who have one, by address */
  configure(urls: readonly string[], tokens: Readonly<Record<string, string>> = {}): void {
    for (const [url, { token, abort }] of this.#open) {
      if (urls.includes(url) && token === tokens[url]) continue;
      abort.abort();
      this.#open.delete(url);
    }
    for (const url of urls) {
      if (this.#open.has(url)) continue;
      const abort = new AbortController();
      const token = tokens[url];
      this.#open.set(url, { client: this.#options.createSignaling(url, abort.signal, token), token, abort });
    }
  }

  connectAll(): void {
    for (const { client } of this.#open.values()) client.connect();
  }
}
