/**
 * In place of @webext-core/messaging in the script that every page loads (wxt.config.ts): the same messages over the same call of the browser,
 * without the library's logs and copies of whole errors, which are a tenth of that script.
 */

interface Message {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
  readonly timestamp: number;
}

/** As the library packs it; an error crosses by these three. */
interface Answer {
  readonly res?: unknown;
  readonly err?: { readonly name: string; readonly message: string; readonly stack: string };
}

type Handler = (message: Message & { readonly sender: unknown }) => unknown;
type Listener = (message: Message, sender: unknown, answer: (answer: Answer) => void) => boolean;

export function defineExtensionMessaging() {
  const handlers = new Map<string, Handler>();
  const listen: Listener = (message, sender, answer) => {
    const handler = handlers.get(message.type);
    if (handler === undefined) return false;
    void answerTo(() => handler({ ...message, sender })).then(answer);
    // The answer comes later.
    return true;
  };
  return {
    /** @throws {Error} with the sentence of whoever refuses it, or when nobody answers */
    async sendMessage(type: string, data?: unknown): Promise<unknown> {
      const message: Message = { id: Math.random(), type, data, timestamp: Date.now() };
      const answer: Answer | undefined = await chrome.runtime.sendMessage(message);
      if (answer === undefined || answer.err !== undefined) throw new Error(answer?.err?.message);
      return answer.res;
    },
    /** Answers what ends it. */
    onMessage(type: string, handler: Handler): () => void {
      if (handlers.size === 0) chrome.runtime.onMessage.addListener(listen);
      handlers.set(type, handler);
      return () => {
        handlers.delete(type);
        if (handlers.size === 0) chrome.runtime.onMessage.removeListener(listen);
      };
    },
  };
}

async function answerTo(handle: () => unknown): Promise<Answer> {
  try {
    return { res: await handle() };
  } catch (error) {
    return { err: { name: 'Error', message: String(error), stack: '' } };
  }
}
