import { decode, encode } from 'magnet-uri';
import { assert } from '@/src/base/assert';
import { safeFileRanges } from './file-indexes';
import { MAX_MAGNET_CHARS } from './engine-api';
import { type InfoHash, type InfoHashV2, parseInfoHash, parseInfoHashV2 } from './ids';
import { truncateHash } from './torrent-info';
import { keepSignalingUrls, keepTrackerUrls, keepWebSeedUrls } from './tracker-urls';
import { notice, type Notice } from './notice';

/** What a magnet link says (BEP 9), checked. Addresses of peers (`x.pe`) and of files (`xs`, `as`) are dropped: strangers wrote them. */
export interface Magnet {
  /** Of `btih` where the link has it, else the first 20 bytes of `btmh` (SPEC S2). */
  readonly infoHash: InfoHash;
  /** Hostile text: render as text only. */
  readonly name?: string;
  /** ws, wss, http, https and udp addresses; where they lead is not checked yet. */
  readonly trackers: readonly string[];
  /** The files the link asks for (BEP 53 `so`), ascending; left out when it asks for none in particular. */
  readonly fileIndexes?: readonly number[];
  /** http and https addresses (BEP 19 `ws`); where they lead is not checked yet. */
  readonly webSeeds: readonly string[];
  /** Lodestream's own parameter `x.ls`: signaling servers of the page's publisher, http(s) or ws(s). Contacted only if the viewer allows it. */
  readonly signalingServers: readonly string[];
  /** Of `btmh` (BEP 52): a v2 or a hybrid torrent. */
  readonly infoHashV2?: InfoHashV2;
}

export type MagnetResult =
  | { readonly ok: true; readonly magnet: Magnet }
  | { readonly ok: false; readonly code: 'bad-magnet' | 'unsupported-magnet'; readonly notice: Notice };

type MagnetParameters = ReadonlyMap<string, readonly string[]>;

const MAX_PARAMETERS = 2000;
const MAX_NAME_CHARS = 300;

const BTIH = /^urn:btih:([0-9a-f]{40}|[a-z2-7]{32})$/i;
const BTMH = /^urn:btmh:1220([0-9a-f]{64})$/i;

/** Reads a link of at most 64 KiB, as written in a page: HTML-escaped or not. Never throws; the notice says what is wrong. */
export function parseMagnet(text: string): MagnetResult {
  if (text.length > MAX_MAGNET_CHARS) return refuse('bad-magnet', notice('magnetTooLong', { limit: MAX_MAGNET_CHARS }));
  const [, query] = /^magnet:\?(.*)$/is.exec(text.trim()) ?? [];
  if (query === undefined) return refuse('bad-magnet', notice('notMagnet'));
  const parameters = readParameters(query);
  const topics = parameters.get('xt') ?? [];
  const hash = firstMatch(topics, BTIH);
  const hashV2 = parseInfoHashV2(firstMatch(topics, BTMH) ?? '');
  if (hash === undefined && hashV2 === undefined) return refuseTopics(topics);
  return { ok: true, magnet: readMagnet(hash, hashV2, parameters) };
}

/** Whether the link has a hash that programs of BitTorrent v1 know the torrent by. */
export function hasV1Hash({ infoHash, infoHashV2 }: Pick<Magnet, 'infoHash' | 'infoHashV2'>): boolean {
  return infoHashV2 === undefined || infoHash !== truncateHash(infoHashV2);
}

/** A magnet link to share. */
export function magnetLink(
  magnet: Pick<Magnet, 'infoHash' | 'infoHashV2'> & Partial<Pick<Magnet, 'trackers' | 'signalingServers'>> & { readonly name: string },
): string {
  // encodeURIComponent, which the library uses, throws on half a surrogate pair.
  const announce = (magnet.trackers ?? []).map((url) => url.toWellFormed());
  const { infoHash, infoHashV2 } = magnet;
  const hashes = { ...(hasV1Hash(magnet) ? { infoHash } : {}), ...(infoHashV2 === undefined ? {} : { infoHashV2 }) };
  const link = encode({ ...hashes, name: magnet.name.toWellFormed(), announce });
  return [link, ...(magnet.signalingServers ?? []).map((url) => `x.ls=${encodeURIComponent(url.toWellFormed())}`)].join('&');
}

/**
 * magnet-uri 7 never sees the link itself, only one rewritten from the parts that passed: it throws on a stray percent sign, expands
 * `so=0-999999999`, lets parameters named `infoHash` or `__proto__` change its own result, takes any 40 characters for a hash, and
 * drops a tracker with `=` in it. The name does not go through it because it turns an escaped plus into a space.
 */
function readMagnet(hash: string | undefined, hashV2: InfoHashV2 | undefined, parameters: MagnetParameters): Magnet {
  const fileRanges = safeFileRanges((parameters.get('so') ?? []).join(','));
  const safe = [
    ...(hash === undefined ? [] : [`xt=urn:btih:${hash}`]),
    ...(hashV2 === undefined ? [] : [`xt=urn:btmh:1220${hashV2}`]),
    ...keepTrackerUrls(parameters.get('tr') ?? []).map((url) => `tr=${encodeURIComponent(url)}`),
    ...keepWebSeedUrls(parameters.get('ws') ?? []).map((url) => `ws=${encodeURIComponent(url)}`),
    ...(fileRanges === undefined ? [] : [`so=${fileRanges}`]),
  ];
  const parsed = decode(`magnet:?${safe.join('&')}`);
  const infoHash = hash === undefined && hashV2 !== undefined ? truncateHash(hashV2) : parseInfoHash(parsed.infoHash ?? '');
  assert(infoHash !== undefined, 'a checked hash is read');
  const name = readName(parameters.get('dn')?.[0] ?? '');
  return {
    infoHash,
    trackers: parsed.announce ?? [],
    webSeeds: parsed.urlList ?? [],
    signalingServers: keepSignalingUrls(parameters.get('x.ls') ?? []),
    ...(name === '' ? {} : { name }),
    ...(fileRanges === undefined ? {} : { fileIndexes: ascending(parsed.so) }),
    ...(hashV2 === undefined ? {} : { infoHashV2: hashV2 }),
  };
}

/** Values by lower-case name, percent-decoded. The numbered form of a name (`tr.1`, allowed for repeated ones) is the name. */
function readParameters(query: string): MagnetParameters {
  const parameters = new Map<string, string[]>();
  for (const pair of query.replaceAll(/&(?:amp;)+/gi, '&').split('&', MAX_PARAMETERS)) {
    const [, name, value] = /^([a-z]{2}|x\.ls)(?:\.\d+)?=(.*)$/is.exec(pair) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    const values = parameters.get(key) ?? [];
    values.push(decodePercent(key === 'dn' ? value.replaceAll('+', ' ') : value).trim());
    parameters.set(key, values);
  }
  return parameters;
}

/** `100% real` is what people write: a text that is not percent-encoded stands for itself. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readName(text: string): string {
  const printable = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  // Cut between characters, not inside one.
  return Array.from(printable).slice(0, MAX_NAME_CHARS).join('').toWellFormed();
}

function ascending(indexes: unknown): readonly number[] {
  assert(Array.isArray(indexes), 'checked ranges are read');
  return [...new Set(indexes.filter((index) => typeof index === 'number'))].toSorted((left, right) => left - right);
}

function firstMatch(topics: readonly string[], pattern: RegExp): string | undefined {
  for (const topic of topics) {
    const match = pattern.exec(topic);
    if (match?.[1] !== undefined) return match[1];
  }
  return undefined;
}

function refuseTopics(topics: readonly string[]): MagnetResult {
  if (topics.length === 0) return refuse('bad-magnet', notice('magnetNamesNothing'));
  if (topics.some((topic) => /^urn:bt[im]h:/i.test(topic))) return refuse('bad-magnet', notice('magnetHashDamaged'));
  return refuse('unsupported-magnet', notice('magnetOfOtherKind'));
}

function refuse(code: 'bad-magnet' | 'unsupported-magnet', said: Notice): MagnetResult {
  return { ok: false, code, notice: said };
}

/** The file the link itself asks for (BEP 53 `so`), if it names exactly one. */
export function wantedFileIndex({ fileIndexes }: Magnet): number | undefined {
  return fileIndexes?.length === 1 ? fileIndexes[0] : undefined;
}
