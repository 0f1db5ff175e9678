/** A film that just began is not worth going on with. */
const BEGINNING_S = 5;
/** The credits: who left there has seen it. */
const END_SHARE = 0.05;
const END_S = 120;

/** The place to go on from another time; undefined at the beginning and once the film has nearly ended. */
export function resumePositionS(positionS: number, durationS: number): number | undefined {
  if (!Number.isFinite(durationS) || positionS < BEGINNING_S) return undefined;
  return durationS - positionS <= Math.min(END_S, durationS * END_SHARE) ? undefined : positionS;
}
