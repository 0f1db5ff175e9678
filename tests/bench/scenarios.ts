export const SCENARIO_NAMES = [
  'loopback',
  'playing',
  'dead-stun',
  'limited',
  'rtt50',
  'line20',
  'line20-tcp',
  'line20-loss',
  'seek',
  'swarm',
  'big',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export interface Scenario {
  readonly about: string;
  readonly filmBytes: number;
  /** The viewer plays the film while it comes, and its end once it is here. */
  readonly plays: boolean;
  /** Where the viewer goes after a second of the film, as a share of its length; the run ends with the picture there. Undefined: nowhere. */
  readonly seekTo: number | undefined;
  /** Both sides are told of a STUN server that never answers; else of none. */
  readonly silentStun: boolean;
  readonly seeders: number;
  /** Viewers who click at once. */
  readonly leechers: number;
  /** Each swarm's seeder sits behind a line of its own. */
  readonly line: Line | undefined;
  /** Each line carries one TCP download besides, in full swing before the click. */
  readonly besideTcp: boolean;
}

export interface Line {
  readonly rateMbit: number;
  readonly oneWayDelayMs: number;
  readonly queueBytes: number;
  /** Of all packets each way, lost by chance. */
  readonly lostShare: number;
}

export const LARGE_FILM_BYTES = 200_000_000;

/** What the first seconds are about: to find the speed of a line without overshooting it. */
const LINE_FILM_BYTES = 16_000_000;
const LINE_20: Line = { rateMbit: 20, oneWayDelayMs: 25, queueBytes: 125_000, lostShare: 0 };

export const SCENARIOS: Record<ScenarioName, Scenario> = {
  loopback: {
    about: 'one seeder on this machine, download only',
    filmBytes: LARGE_FILM_BYTES,
    plays: false,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: undefined,
    besideTcp: false,
  },
  playing: {
    about: 'one seeder on this machine, the film plays while it comes and to its end',
    filmBytes: LARGE_FILM_BYTES,
    plays: true,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: undefined,
    besideTcp: false,
  },
  'dead-stun': {
    about: 'as playing, with a STUN server in the settings of both sides that never answers',
    filmBytes: LARGE_FILM_BYTES,
    plays: true,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: true,
    line: undefined,
    besideTcp: false,
  },
  // A smaller film: five systems at 2.4 MB/s would take the better part of an hour otherwise.
  limited: {
    about: 'a native and a WebTorrent swarm of one seeder each, each behind a line of 20 Mbit/s and 20 ms round trip, download only',
    filmBytes: 60_000_000,
    plays: false,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: { rateMbit: 20, oneWayDelayMs: 10, queueBytes: 250_000, lostShare: 0 },
    besideTcp: false,
  },
  // The rate is more than anybody reaches there.
  rtt50: {
    about: 'one seeder behind a line of 50 ms round trip, the film plays while it comes',
    filmBytes: 60_000_000,
    plays: true,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: { rateMbit: 900, oneWayDelayMs: 25, queueBytes: 8_000_000, lostShare: 0 },
    besideTcp: false,
  },
  line20: {
    about: 'one seeder behind a line of 20 Mbit/s, 50 ms round trip and a queue of as much as is under way, download only',
    filmBytes: LINE_FILM_BYTES,
    plays: false,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: LINE_20,
    besideTcp: false,
  },
  'line20-tcp': {
    about: 'as line20, the film plays while it comes, beside one TCP download over the same line',
    filmBytes: LINE_FILM_BYTES,
    plays: true,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: LINE_20,
    besideTcp: true,
  },
  'line20-loss': {
    about: 'as line20, with one packet in a thousand lost by chance each way',
    filmBytes: LINE_FILM_BYTES,
    plays: false,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: { ...LINE_20, lostShare: 0.001 },
    besideTcp: false,
  },
  seek: {
    about: 'one seeder on this machine, a jump to three quarters of the film after its first second',
    filmBytes: LARGE_FILM_BYTES,
    plays: true,
    seekTo: 0.75,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: undefined,
    besideTcp: false,
  },
  // Two cores carry five browsers: a smaller film.
  swarm: {
    about: 'three seeders and two leechers on this machine who click at once, download only',
    filmBytes: 60_000_000,
    plays: false,
    seekTo: undefined,
    seeders: 3,
    leechers: 2,
    silentStun: false,
    line: undefined,
    besideTcp: false,
  },
  big: {
    about: 'as loopback, with a film twenty times as long',
    filmBytes: 20 * LARGE_FILM_BYTES,
    plays: false,
    seekTo: undefined,
    seeders: 1,
    leechers: 1,
    silentStun: false,
    line: undefined,
    besideTcp: false,
  },
};

/** Without a choice: `big` takes as long as all others together. */
export const USUAL_SCENARIOS: readonly ScenarioName[] = SCENARIO_NAMES.filter((name) => name !== 'big');
