import * as v from 'valibot';
import { browser } from 'wxt/browser';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { privateAddressRules } from './private-address-rules';

const ALLOWED_KEY = 'allowedAddresses';
const MAX_ALLOWED = 50;
const MAX_URL_CHARS = 2000;

export const allowedAddress = v.pipe(
  v.string(),
  v.maxLength(MAX_URL_CHARS),
  v.regex(/^(?:https?|wss?):/i),
  v.check((text) => URL.canParse(text)),
);
const allowedAddresses = v.pipe(v.array(allowedAddress), v.maxLength(MAX_ALLOWED));

let applied: string | undefined;
let applying: Promise<void> = Promise.resolve();

/** Resolves once the browser holds the extension back from private addresses, but for those the viewer named. Costs nothing when they are the same as before. */
export function guardPrivateAddresses(settings: EngineSettings): Promise<void> {
  return inTurn(async () => apply([...namedByViewer(settings), ...(await sessionAllowed())]));
}

/** The viewer typed or allowed this address in the player; holds until the browser is closed. */
export function allowAddress(address: string, settings: EngineSettings): Promise<void> {
  return inTurn(async () => {
    const allowed = [...new Set([address, ...(await sessionAllowed())])].slice(0, MAX_ALLOWED);
    await browser.storage.session.set({ [ALLOWED_KEY]: allowed });
    await apply([...namedByViewer(settings), ...allowed]);
  });
}

function namedByViewer({ signalingUrls, trackers, publisherHosts = {} }: EngineSettings): readonly string[] {
  const publishers = Object.entries(publisherHosts).flatMap(([host, allowed]) => (allowed ? [`http://${host}`, `https://${host}`] : []));
  return [...signalingUrls, ...trackers, ...publishers];
}

async function sessionAllowed(): Promise<readonly string[]> {
  const stored = await browser.storage.session.get(ALLOWED_KEY);
  const parsed = v.safeParse(allowedAddresses, stored[ALLOWED_KEY]);
  return parsed.success ? parsed.output : [];
}

async function apply(allowed: readonly string[]): Promise<void> {
  const rules = privateAddressRules(browser.runtime.id, allowed);
  const text = JSON.stringify(rules);
  if (text === applied) return;
  const before = await chrome.declarativeNetRequest.getSessionRules();
  await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: before.map(({ id }) => id), addRules: rules });
  applied = text;
}

/** Two at once would each remove what the other has just added. */
function inTurn(task: () => Promise<void>): Promise<void> {
  const done = applying.then(task);
  applying = done.catch(() => {});
  return done;
}
