/** What is to be carried, and over how many connections. */
export interface RawOrder {
  readonly connections: number;
  readonly lengthBytes: number;
  readonly iceServers: readonly { readonly urls: string }[];
}

/**
 * What the page offers as `rawPeer` to who drives it. Descriptions are carried by hand and have all candidates in them, so that no server
 * has a part in it.
 */
export interface RawPeer {
  /** The receiver's, who counts what comes and keeps none of it. @returns an offer for each connection */
  offer(order: RawOrder): Promise<readonly string[]>;
  /** The sender's. @returns an answer to each offer */
  answer(order: RawOrder, offers: readonly string[]): Promise<readonly string[]>;
  accept(answers: readonly string[]): Promise<void>;
}

declare global {
  var rawPeer: RawPeer;
}
