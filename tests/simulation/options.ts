import { parseArgs } from 'node:util';
import { FREE_RIDER_SHARE, LIAR_SHARE } from './population';
import { MAX_WITH_PAYLOAD, type SimulationOptions } from './simulate';

export const USAGE = `Usage: npm run simulate -- --peers N --seed S [--json FILE]

Runs the real engine for N viewers of one film over a simulated network, on a virtual clock. The same seed gives the same figures.
  --peers N       viewers in all, 1 to 100000 (default 200); with more than ${MAX_WITH_PAYLOAD} only the lengths of blocks travel
  --seed S        a whole number (default 1)
  --lengths-only  no payloads with fewer viewers, either
  --json FILE     writes the figures there, too
  --liars P       percent of them that send false bytes (default ${LIAR_SHARE * 100})
  --free-riders P percent of them that send nothing (default ${FREE_RIDER_SHARE * 100})
  --uplinks P     percent of the published uplinks that they have (default 100)
  --film-s S      length of the film in seconds (default 600)
  --piece-kib K   piece length, a power of two (default: as Lodestream chooses it for the film)`;

export type SimulateOptions = SimulationOptions & { readonly jsonPath: string | undefined };

export class UsageError extends Error {}

/** @returns undefined when only help was asked for. @throws {UsageError} */
export function readOptions(args: readonly string[]): SimulateOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const pieceKib = values['piece-kib'] === undefined ? undefined : whole('--piece-kib', values['piece-kib'], 16, 16_384);
  if (pieceKib !== undefined && (pieceKib & (pieceKib - 1)) !== 0) throw new UsageError('--piece-kib is a power of two.');
  const peers = whole('--peers', values.peers, 1, 100_000);
  return {
    peers,
    seed: whole('--seed', values.seed, 0, 2 ** 31 - 1),
    sparse: values['lengths-only'] || peers > MAX_WITH_PAYLOAD,
    liarShare: whole('--liars', values.liars, 0, 100) / 100,
    freeRiderShare: whole('--free-riders', values['free-riders'], 0, 100) / 100,
    uplinkFactor: whole('--uplinks', values.uplinks, 1, 1000) / 100,
    filmS: whole('--film-s', values['film-s'], 10, 36_000),
    ...(pieceKib === undefined ? {} : { pieceLengthBytes: pieceKib * 1024 }),
    jsonPath: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        peers: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        'film-s': { type: 'string', default: '600' },
        'piece-kib': { type: 'string' },
        liars: { type: 'string', default: String(LIAR_SHARE * 100) },
        'free-riders': { type: 'string', default: String(FREE_RIDER_SHARE * 100) },
        uplinks: { type: 'string', default: '100' },
        'lengths-only': { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new UsageError(`${flag} is a whole number from ${min} to ${max}.`);
  return value;
}
