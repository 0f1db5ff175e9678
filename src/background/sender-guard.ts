/** Who sent a message, as far as the browser vouches for it. */
export interface MessageSender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  /** Not every browser tells. */
  readonly origin?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: { readonly id?: number | undefined } | undefined;
}

/** The browser's number for a tab's page itself. */
export const TOP_FRAME_ID = 0;

export interface SenderPlace {
  readonly tabId: number;
  readonly frameId: number;
}

export interface SenderGuard {
  /** The content script of a web page, in whatever frame. @throws when it is anyone else */
  frameOfPage(sender: MessageSender): SenderPlace;
  /** The content script of a web page's top frame. @throws when it is anyone else */
  topFrameOfPage(sender: MessageSender): SenderPlace;
  /** Our player page, in whatever frame. @throws when it is anyone else */
  playerPage(sender: MessageSender): SenderPlace;
  /** Any page of ours. @throws when it is anyone else */
  ownPage(sender: MessageSender): void;
}

/** @param ownOrigin the extension's, `chrome-extension://<id>` */
export function createSenderGuard(extensionId: string, ownOrigin: string): SenderGuard {
  const hasOwnUrl = ({ url }: MessageSender): boolean => url?.startsWith(`${ownOrigin}/`) === true;
  // Inside a page with CSP `sandbox` even our own page has the origin `null`: it reaches neither storage nor service worker, so it cannot play.
  const isOwn = (sender: MessageSender): boolean =>
    sender.id === extensionId && hasOwnUrl(sender) && (sender.origin === undefined || sender.origin === ownOrigin);
  const placeInPage = (sender: MessageSender): SenderPlace | undefined =>
    sender.id === extensionId && !hasOwnUrl(sender) ? placeOf(sender) : undefined;
  return {
    frameOfPage(sender) {
      const place = placeInPage(sender);
      if (place === undefined) throw new Error('Only a web page can ask for this.');
      return place;
    },
    topFrameOfPage(sender) {
      const place = placeInPage(sender);
      if (place?.frameId !== TOP_FRAME_ID) throw new Error('Only a web page itself can ask for a player.');
      return place;
    },
    playerPage(sender) {
      const place = placeOf(sender);
      if (!isOwn(sender) || place === undefined || pathOf(sender) !== '/player.html') throw new Error('Only the player can ask for this.');
      return place;
    },
    ownPage(sender) {
      if (!isOwn(sender)) throw new Error('Only a page of Lodestream can ask for this.');
    },
  };
}

function placeOf(sender: MessageSender): SenderPlace | undefined {
  const tabId = sender.tab?.id;
  return tabId === undefined || sender.frameId === undefined ? undefined : { tabId, frameId: sender.frameId };
}

function pathOf(sender: MessageSender): string | undefined {
  return URL.parse(sender.url ?? '')?.pathname;
}
