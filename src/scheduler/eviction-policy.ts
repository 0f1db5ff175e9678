/*
 * Which stored pieces go when room is needed. Weighs, in this order:
 * 1. what is urgent stays whatever happens: a playhead is there, or about to be (playback-window);
 * 2. what a playhead will come to goes last, the farthest from it first;
 * 3. of everything else what was watched least recently goes first, in whichever film it is.
 * A medium gives the room of a unit back from its end only, so pieces go from the end of the unit whose pieces were all watched longest
 * ago, and only those behind its last urgent one. Of a film that nobody has open only the time it was watched is known; how much of it
 * goes is chosen anew once it has been opened for that.
 */

export interface EvictionFacts {
  readonly units: readonly StoredUnit[];
  readonly closedFilms: readonly ClosedFilm[];
  /** How much room has to be given back. */
  readonly neededBytes: number;
}

/** Pieces whose room is given back from the end. */
export interface StoredUnit {
  readonly film: string;
  /** The held ones in ascending order; not empty. */
  readonly pieces: readonly StoredPiece[];
}

export interface StoredPiece {
  readonly piece: number;
  readonly need: 'urgent' | 'ahead' | 'none';
  /** When it was last watched, or came if it never was, in minutes since the epoch. */
  readonly usedAtMinutes: number;
  /** Room its going gives back once all held pieces behind it in its unit are gone. */
  readonly freesBytes: number;
}

export interface ClosedFilm {
  readonly film: string;
  readonly usedAtMinutes: number;
  readonly roomBytes: number;
}

export type Eviction =
  | { readonly kind: 'pieces'; readonly film: string; readonly pieces: readonly number[] }
  /** So much of a film nobody has open, or all of it when it is no more. */
  | { readonly kind: 'closed-film'; readonly film: string; readonly bytes: number };

interface Candidate {
  readonly ahead: boolean;
  readonly usedAtMinutes: number;
  readonly lastPiece: number;
  /** Takes so much of it, or what there is. */
  readonly take: (bytes: number) => { readonly eviction: Eviction; readonly freedBytes: number };
}

/** What to let go of, in order, until it is enough; less than that when the rest is urgent. */
export function chooseEvictions(facts: EvictionFacts): Eviction[] {
  const candidates = [...facts.units.flatMap(unitCandidate), ...facts.closedFilms.map(closedCandidate)].sort(byWorth);
  const evictions: Eviction[] = [];
  let missingBytes = facts.neededBytes;
  for (const candidate of candidates) {
    if (missingBytes <= 0) break;
    const { eviction, freedBytes } = candidate.take(missingBytes);
    evictions.push(eviction);
    missingBytes -= freedBytes;
  }
  return evictions;
}

function byWorth(left: Candidate, right: Candidate): number {
  if (left.ahead !== right.ahead) return left.ahead ? 1 : -1;
  return left.ahead ? right.lastPiece - left.lastPiece : left.usedAtMinutes - right.usedAtMinutes;
}

function unitCandidate(unit: StoredUnit): Candidate[] {
  const pieces = unit.pieces.slice(unit.pieces.findLastIndex(({ need }) => need === 'urgent') + 1);
  const last = pieces.at(-1);
  if (last === undefined) return [];
  return [
    {
      ahead: pieces.some(({ need }) => need === 'ahead'),
      usedAtMinutes: Math.max(...pieces.map(({ usedAtMinutes }) => usedAtMinutes)),
      lastPiece: last.piece,
      take: (bytes) => takeFromEnd(unit.film, pieces, bytes),
    },
  ];
}

function takeFromEnd(film: string, pieces: readonly StoredPiece[], bytes: number): ReturnType<Candidate['take']> {
  const gone: number[] = [];
  let freedBytes = 0;
  for (const { piece, freesBytes } of pieces.toReversed()) {
    if (freedBytes >= bytes) break;
    gone.push(piece);
    freedBytes += freesBytes;
  }
  return { eviction: { kind: 'pieces', film, pieces: gone }, freedBytes };
}

function closedCandidate({ film, usedAtMinutes, roomBytes }: ClosedFilm): Candidate {
  return {
    ahead: false,
    usedAtMinutes,
    lastPiece: 0,
    take: (bytes) => ({ eviction: { kind: 'closed-film', film, bytes }, freedBytes: Math.min(bytes, roomBytes) }),
  };
}
