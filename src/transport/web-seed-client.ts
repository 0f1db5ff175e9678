/** The browser's or Node's `fetch`, as far as web seeds use it. */
export type WebSeedFetch = (url: string, init: RequestInit) => Promise<Response>;
