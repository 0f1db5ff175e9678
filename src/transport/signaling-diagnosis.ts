import * as v from 'valibot';
import { HEALTH_PATH, HEALTH_SERVICE } from '@/src/protocol/signaling-health';
import type { SignalingAddress } from './signaling-address';
import { notice, type Notice } from '@/src/protocol/notice';

const PROBE_TIMEOUT_MS = 3000;
const MAX_HEALTH_BYTES = 4096;
const healthSchema = v.object({ service: v.literal(HEALTH_SERVICE) });

/**
 * Finds out why a WebSocket failed, which browsers do not tell: asks the same server what it is over plain HTTP.
 * A server that forbids other origins to read its answers looks silent to a browser.
 */
export async function diagnose({ origin, basePath, host }: SignalingAddress, signal: AbortSignal): Promise<Notice> {
  try {
    const response = await fetch(`${origin}${basePath}${HEALTH_PATH}`, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
    });
    if (await saysLodestream(response)) return notice('serverFull', { host });
    return notice('notSignalingServer', { host });
  } catch {
    return notice('noSignalingServer', { host });
  }
}

async function saysLodestream(response: Response): Promise<boolean> {
  const text = await readStart(response);
  try {
    return v.is(healthSchema, JSON.parse(text));
  } catch {
    return false;
  }
}

/** The body as text, cut off where no health answer would still go on. */
async function readStart({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < MAX_HEALTH_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}
