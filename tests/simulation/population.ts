import type { HostFacts, HostKind } from './host';
import type { SeededRandom } from './seeded-random';

/*
 * Who comes, when, with what line, and for how long. Where a distribution was published, it is that one; where it was not, it says so.
 *
 * Arrivals     Their rate falls exponentially from the moment a torrent appears (Guo et al., "Measurements, Analysis, and Modeling of
 *              BitTorrent-like Systems", IMC 2005). Here the time constant is half a film, which makes it a flash crowd: own choice.
 * Lines        Medians of Speedtest Global Index, end of 2024: fixed about 94/50 Mbit/s down/up, mobile about 60/11. How they spread is
 *              not published there: log-normal with sigma 1, which puts the slowest tenth of fixed uplinks below 14 Mbit/s: own choice, as is
 *              a quarter of mobile lines. A device lets a film have at most 60 % of its uplink (own choice: others use it, too).
 * Distances    A plane of network coordinates plus the access line's height (Dabek et al., "Vivaldi", SIGCOMM 2004): round trips of
 *              80 ms in the median, which is what that data set of hosts over the world has.
 * NATs         82 % let UDP hole punching work (Ford, Srisuresh, Kegel, "Peer-to-Peer Communication Across NATs", USENIX 2005). Two of the
 *              others never link: nobody has a TURN server.
 * Watching     One view in five goes to the end (Chen et al., "A Study of User Behavior in Online VoD Services", 540 million sessions,
 *              Computer Communications 2014); the others leave exponentially (Chen et al., ICC 2014), after a quarter of the film in the
 *              mean: own choice.
 * Leaving      Closing the tab, quitting the browser, a machine that vanishes: half, four tenths, one tenth: own choice.
 * Bad members  Liars: 1 %, say that they have everything and send other bytes. Free riders: 10 %, take and give nothing. Own choice:
 *              in a system whose users do not choose to share, both are programs that somebody changed.
 */

const MOBILE_SHARE = 0.25;
const LINE_SIGMA = 1;
const UPLINK_USED = 0.6;
const SYMMETRIC_NAT_SHARE = 0.18;
const TO_THE_END_SHARE = 0.2;
const MEAN_VIEW_OF_FILM = 0.25;
export const LIAR_SHARE = 0.01;
export const FREE_RIDER_SHARE = 0.1;
/** Side of the square of network coordinates. */
const PLANE_MS = 52;
const ACCESS_MS = 5;
const ARRIVALS_TIME_CONSTANT_OF_FILM = 0.5;
const ARRIVALS_END_OF_FILM = 1.5;
/** Slower lines could not play the film even alone. */
const MIN_DOWNLINK_OF_BITRATE = 2;

export type Farewell = 'closes the tab' | 'quits' | 'vanishes';

export interface Person {
  readonly host: HostFacts;
  readonly arrivesAtMs: number;
  /** Of the film, before it leaves. */
  readonly watchesMs: number;
  readonly farewell: Farewell;
}

export interface PopulationOptions {
  readonly count: number;
  readonly filmMs: number;
  /** Of the film. */
  readonly bytesPerMs: number;
  readonly liarShare: number;
  readonly freeRiderShare: number;
  /** All uplinks are so many times what they were published to be. */
  readonly uplinkFactor: number;
}

/** In the order they come. */
export function makePopulation(options: PopulationOptions, random: SeededRandom): Person[] {
  return Array.from({ length: options.count }, () => makePerson(options, random)).sort(
    (left, right) => left.arrivesAtMs - right.arrivesAtMs,
  );
}

/** Shares the film from the beginning to the end, with an uplink of so many times its bitrate. */
export function makeSeeder(bytesPerMs: number, bitrates: number): HostFacts {
  const uplinkBytesPerMs = bytesPerMs * bitrates;
  return {
    kind: 'seeder',
    uplinkBytesPerMs,
    downlinkBytesPerMs: uplinkBytesPerMs,
    xMs: PLANE_MS / 2,
    yMs: PLANE_MS / 2,
    accessMs: ACCESS_MS,
    symmetricNat: false,
  };
}

function makePerson(options: PopulationOptions, random: SeededRandom): Person {
  const { filmMs, bytesPerMs } = options;
  const isMobile = random.random() < MOBILE_SHARE;
  const line = random.logNormal(1, LINE_SIGMA);
  const downlinkBytesPerMs = mbit(isMobile ? 60 : 94) * line;
  const kindDraw = random.random();
  return {
    host: {
      kind: kindOf(kindDraw, options),
      uplinkBytesPerMs: mbit(isMobile ? 11 : 50) * line * UPLINK_USED * options.uplinkFactor,
      downlinkBytesPerMs: Math.max(downlinkBytesPerMs, MIN_DOWNLINK_OF_BITRATE * bytesPerMs),
      xMs: random.random() * PLANE_MS,
      yMs: random.random() * PLANE_MS,
      accessMs: random.logNormal(ACCESS_MS, 0.7),
      symmetricNat: random.random() < SYMMETRIC_NAT_SHARE,
    },
    arrivesAtMs: arrival(random.random()) * filmMs,
    watchesMs: random.random() < TO_THE_END_SHARE ? filmMs : Math.min(filmMs, random.exponential(MEAN_VIEW_OF_FILM * filmMs)),
    farewell: farewellOf(random.random()),
  };
}

function kindOf(draw: number, { liarShare, freeRiderShare }: PopulationOptions): HostKind {
  if (draw < liarShare) return 'liar';
  return draw < liarShare + freeRiderShare ? 'free-rider' : 'viewer';
}

function farewellOf(draw: number): Farewell {
  if (draw < 0.5) return 'closes the tab';
  return draw < 0.9 ? 'quits' : 'vanishes';
}

/** The inverse of the arrivals' distribution, cut off at their end; in lengths of the film. */
function arrival(draw: number): number {
  const uncut = 1 - Math.exp(-ARRIVALS_END_OF_FILM / ARRIVALS_TIME_CONSTANT_OF_FILM);
  return -ARRIVALS_TIME_CONSTANT_OF_FILM * Math.log(1 - draw * uncut);
}

/** Mbit/s in bytes/ms. */
function mbit(perSecond: number): number {
  return (perSecond * 1_000_000) / 8000;
}
