import * as v from 'valibot';

interface WholeOption {
  /** Name of the environment variable. */
  readonly env: string;
  readonly byDefault: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly about: string;
}

/** Every number an operator can set: default, range and unit. */
export const WHOLE_OPTIONS = {
  port: { env: 'PORT', byDefault: 8787, min: 0, max: 65_535, unit: 'port', about: 'where to listen; 0 takes any free one' },
  trustedProxies: {
    env: 'TRUSTED_PROXIES',
    byDefault: 0,
    min: 0,
    max: 5,
    unit: 'proxies',
    about: 'own reverse proxies in front, whose X-Forwarded-For is believed',
  },
  maxConnections: { env: 'MAX_CONNECTIONS', byDefault: 10_000, min: 1, max: 1_000_000, unit: 'connections', about: 'in all' },
  maxConnectionsPerAddress: {
    env: 'MAX_CONNECTIONS_PER_ADDRESS',
    byDefault: 100,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'of one IPv4 address or IPv6 /64 at a time',
  },
  connectsPerAddressPerMinute: {
    env: 'CONNECTS_PER_ADDRESS_PER_MINUTE',
    byDefault: 240,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'new ones of one address within a minute',
  },
  rateWindowSeconds: {
    env: 'RATE_WINDOW_SECONDS',
    byDefault: 10,
    min: 1,
    max: 3600,
    unit: 's',
    about: 'the window of the two budgets below',
  },
  pointsPerConnection: {
    env: 'POINTS_PER_CONNECTION',
    byDefault: 400,
    min: 20,
    max: 1_000_000,
    unit: 'points',
    about: 'a message costs 1, each offer in an announce 1 more, each 8 KiB sealed 1 more',
  },
  pointsPerAddress: { env: 'POINTS_PER_ADDRESS', byDefault: 4000, min: 20, max: 10_000_000, unit: 'points', about: 'of one address' },
  maxMessageBytes: {
    env: 'MAX_MESSAGE_BYTES',
    byDefault: 131_072,
    min: 4096,
    max: 1_048_576,
    unit: 'bytes',
    about: 'a longer one ends its connection',
  },
  maxBacklogBytes: {
    env: 'MAX_BACKLOG_BYTES',
    byDefault: 1_048_576,
    min: 65_536,
    max: 67_108_864,
    unit: 'bytes',
    about: 'waiting for a client that does not read; more ends its connection',
  },
  maxSwarms: { env: 'MAX_SWARMS', byDefault: 50_000, min: 1, max: 10_000_000, unit: 'swarms', about: 'in all' },
  maxSwarmsPerConnection: {
    env: 'MAX_SWARMS_PER_CONNECTION',
    byDefault: 64,
    min: 1,
    max: 10_000,
    unit: 'swarms',
    about: 'joined at a time',
  },
  maxMembersPerSwarm: {
    env: 'MAX_MEMBERS_PER_SWARM',
    byDefault: 5000,
    min: 2,
    max: 1_000_000,
    unit: 'members',
    about: 'of one swarm at a time',
  },
  offerLifetimeSeconds: {
    env: 'OFFER_LIFETIME_SECONDS',
    byDefault: 120,
    min: 1,
    max: 120,
    unit: 's',
    about: 'how long an offer may be answered and given candidates',
  },
  announceIntervalSeconds: { env: 'ANNOUNCE_INTERVAL_SECONDS', byDefault: 60, min: 10, max: 3600, unit: 's', about: 'asked of clients' },
  pingIntervalSeconds: { env: 'PING_INTERVAL_SECONDS', byDefault: 25, min: 1, max: 300, unit: 's', about: 'between two heartbeats' },
  pingTimeoutSeconds: { env: 'PING_TIMEOUT_SECONDS', byDefault: 20, min: 1, max: 300, unit: 's', about: 'until a silent client is gone' },
} as const satisfies Record<string, WholeOption>;

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type ServerConfig = Readonly<Record<keyof typeof WHOLE_OPTIONS, number>> & {
  readonly host: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
};

export type Environment = Readonly<Record<string, string | undefined>>;

const hostSchema = v.pipe(
  v.string(),
  v.maxLength(253),
  v.regex(/^[\w.:-]+$/, 'HOST must be an address or a host name, such as 127.0.0.1 or ::'),
);
const logLevelSchema = v.picklist(LOG_LEVELS, `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);

/** Reads the configuration; what is not set, or empty, has its default. @throws {v.ValiError} whose message is a sentence for the operator. */
export function readConfig(environment: Environment): ServerConfig {
  const numbers = Object.entries(WHOLE_OPTIONS).map(([name, option]) => [name, readWhole(option, environment[option.env])] as const);
  return {
    ...(Object.fromEntries(numbers) as Record<keyof typeof WHOLE_OPTIONS, number>),
    host: v.parse(hostSchema, environment['HOST']?.trim() || '127.0.0.1'),
    logLevel: v.parse(logLevelSchema, environment['LOG_LEVEL']?.trim() || 'info'),
  };
}

function readWhole({ env, byDefault, min, max, unit }: WholeOption, text: string | undefined): number {
  const sentence = `${env} must be a whole number from ${min} to ${max} (${unit})`;
  const schema = v.pipe(
    v.string(),
    v.regex(/^\d{1,12}$/, sentence),
    v.transform(Number),
    v.minValue(min, sentence),
    v.maxValue(max, sentence),
  );
  return v.parse(schema, text?.trim() || String(byDefault));
}
