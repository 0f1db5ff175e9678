import fc from 'fast-check';
import { property, type FuzzTarget } from '../fuzz-property';
import { runFuzzedSession, type SessionScript } from '../live/fuzzed-session';
import type { Move } from '../live/unruly-peer';
import { mutatedBytes, plainRecord } from '../mutations';
import { blockFrame, controlFrame } from './peer-frames';

/** Whole engines, one of which is after the others. */

const frame = fc.oneof(
  { weight: 3, arbitrary: controlFrame },
  { weight: 1, arbitrary: blockFrame },
  { weight: 1, arbitrary: mutatedBytes(controlFrame, 2) },
);
const channel = fc.constantFrom('control' as const, 'control' as const, 'bulk' as const);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'as-it-is' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('drop' as const, 'other-channel' as const, 'vanish' as const, 'silence' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), times: fc.integer({ min: 2, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(70_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flip' as const), at: fc.nat(70_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hold' as const), frames: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late' as const), ms: fc.nat(30_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('flood' as const), channel, frame, times: fc.oneof(fc.nat(3), fc.nat(1000)) }) },
);

const script: fc.Arbitrary<SessionScript> = plainRecord({
  seed: fc.nat(2 ** 31 - 1),
  version: fc.constantFrom('v1' as const, 'v2' as const),
  honestAfterMs: fc.constantFrom(0, 100, 2000, 20_000),
  opening: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(frame, { maxLength: 2 }) }),
  metadataBytes: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 16_384, 10 * 2 ** 20, 10 * 2 ** 20 + 1, 2 ** 32 - 1) },
  ),
  possession: fc.constantFrom('have-all' as const, 'have-all' as const, 'have-none' as const, 'nothing' as const),
  requests: fc.constantFrom('serve' as const, 'serve' as const, 'reject' as const, 'ignore' as const, 'corrupt' as const),
  moves: fc.array(move, { maxLength: 14 }),
});

export const LIVE_SESSION: FuzzTarget = {
  name: 'live-session',
  runs: 100,
  properties: [property('the-film-is-finished-and-the-offender-gone', script, runFuzzedSession)],
};
