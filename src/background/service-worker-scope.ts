/** The part of a service worker's global scope the switchboard uses; TypeScript cannot load its worker types beside those of the DOM. */
export interface ServiceWorkerScope {
  readonly location: { readonly origin: string };
  readonly clients: WorkerClients;
  addEventListener(type: 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: ExtendableMessageEvent) => void): void;
}

export interface WorkerClients {
  claim(): Promise<void>;
  get(id: string): Promise<WorkerClient | undefined>;
  matchAll(options: { readonly type: 'all' | 'window'; readonly includeUncontrolled: boolean }): Promise<readonly WorkerClient[]>;
}

export interface WorkerClient {
  readonly id: string;
  readonly url: string;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  respondWith(response: Promise<Response>): void;
}

export interface ExtendableMessageEvent extends ExtendableEvent {
  readonly data: unknown;
  readonly origin: string;
  readonly ports: readonly MessagePort[];
}

export const worker = globalThis as unknown as ServiceWorkerScope;
