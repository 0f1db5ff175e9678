import * as v from 'valibot';
import { isTurnAddress } from '@/src/protocol/ice-address';
import { MAX_LENT_RELAYS } from '@/src/protocol/signaling-events';

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
  drainSeconds: {
    env: 'DRAIN_SECONDS',
    byDefault: 0,
    min: 0,
    max: 300,
    unit: 's',
    about: 'after SIGTERM: /ready says 503 and nobody is let in, for a load balancer to notice, before everybody is sent away',
  },
  turnLifetimeSeconds: {
    env: 'TURN_LIFETIME_SECONDS',
    byDefault: 21_600,
    min: 600,
    max: 604_800,
    unit: 's',
    about: 'how long TURN credentials are good',
  },
  turnCredentialsPerAddressPerHour: {
    env: 'TURN_CREDENTIALS_PER_ADDRESS_PER_HOUR',
    byDefault: 60,
    min: 1,
    max: 1_000_000,
    unit: 'credentials',
    about: 'issued to clients of one address',
  },
  pingIntervalSeconds: { env: 'PING_INTERVAL_SECONDS', byDefault: 25, min: 1, max: 300, unit: 's', about: 'between two heartbeats' },
  pingTimeoutSeconds: { env: 'PING_TIMEOUT_SECONDS', byDefault: 20, min: 1, max: 300, unit: 's', about: 'until a silent client is gone' },
} as const satisfies Record<string, WholeOption>;

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** What an operator sets in words: what it is, and an example. */
export const TEXT_OPTIONS = {
  HOST: 'where to listen, such as 127.0.0.1 or :: (default 127.0.0.1)',
  LOG_LEVEL: `one of ${LOG_LEVELS.join(', ')} (default info)`,
  PUBLIC_URL: 'how people reach it, such as https://signal.example.org; named on its page (default: what the browser asked for)',
  ACCESS_TOKENS: 'shared secrets of at least 16 characters, separated by commas; who knows one may come in (default: everybody may)',
  TOKEN_SECRET: 'of at least 32 characters; who has a JSON Web Token signed with it (HS256) that has not expired may come in',
  ALLOWED_ORIGINS: 'pages and extensions that may connect, such as https://films.example.org, separated by commas (default: all)',
  SWARM_ALLOW_LIST: 'info hashes of the only films that are served, 40 hex digits each, separated by commas (default: all)',
  TURN_URLS: 'TURN servers lent to clients, such as turn:turn.example.org:3478, up to 4, separated by commas (default: none)',
  TURN_SECRET: 'static-auth-secret of that coturn, at least 16 characters',
  TURN_FOR_EVERYONE: 'yes lends them to clients without a token, too: whoever asks may then use your line (default: no)',
  REDIS_URL: 'of a Redis through which several servers are one, such as redis://127.0.0.1:6379 (default: this server is alone)',
  METRICS_TOKEN: 'of at least 16 characters; /metrics asks for it as a bearer token (default: no /metrics but for this machine)',
} as const;

export type ServerConfig = Readonly<Record<keyof typeof WHOLE_OPTIONS, number>> & {
  readonly host: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly publicUrl: string | undefined;
  readonly accessTokens: readonly string[];
  readonly tokenSecret: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly swarmAllowList: readonly string[];
  readonly metricsToken: string | undefined;
  readonly turnUrls: readonly string[];
  readonly turnSecret: string | undefined;
  readonly turnForEveryone: boolean;
  readonly redisUrl: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_LIST_ENTRIES = 10_000;

const hostSchema = v.pipe(
  v.string(),
  v.maxLength(253),
  v.regex(/^[\w.:-]+$/, 'HOST must be an address or a host name, such as 127.0.0.1 or ::'),
);
const logLevelSchema = v.picklist(LOG_LEVELS, `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
const publicUrlSchema = v.optional(
  v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text), 'PUBLIC_URL must be a whole address, such as https://signal.example.org'),
    v.regex(/^https?:/i, 'PUBLIC_URL must begin with https:// or http://'),
    v.check((text) => !/[?#]/.test(text), 'PUBLIC_URL must have no ? and no #'),
  ),
);
const accessTokensSchema = v.array(
  v.pipe(
    v.string(),
    v.minLength(16, 'Each of ACCESS_TOKENS must have at least 16 characters: openssl rand -hex 16 makes one'),
    v.maxLength(1000, 'Each of ACCESS_TOKENS may have at most 1000 characters'),
  ),
);
const tokenSecretSchema = secretSchema('TOKEN_SECRET', 32);
const turnSecretSchema = secretSchema('TURN_SECRET', 16);
const turnUrlsSchema = v.pipe(
  v.array(v.pipe(v.string(), v.check(isTurnAddress, 'Each of TURN_URLS must be turn:host:port or turns:host:port'))),
  v.maxLength(MAX_LENT_RELAYS, `TURN_URLS may have at most ${MAX_LENT_RELAYS} entries`),
);
const redisUrlSchema = v.optional(
  v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && /^rediss?:\/\/[^/]/.test(text), 'REDIS_URL must be redis://host:port or rediss://host:port'),
  ),
);
const yesSchema = v.picklist(['yes', 'no'], 'TURN_FOR_EVERYONE must be yes or no');
const metricsTokenSchema = secretSchema('METRICS_TOKEN', 16);
const originsSchema = v.array(
  v.pipe(v.string(), v.check(isOrigin, 'Each of ALLOWED_ORIGINS must be an origin without a path, such as https://films.example.org')),
);
const swarmsSchema = v.array(
  v.pipe(v.string(), v.toLowerCase(), v.regex(/^[0-9a-f]{40}$/, 'Each of SWARM_ALLOW_LIST must be an info hash of 40 hex digits')),
);

/** Reads the configuration; what is not set, or empty, has its default. @throws {v.ValiError} whose message is a sentence for the operator. */
export function readConfig(environment: Environment): ServerConfig {
  const numbers = Object.entries(WHOLE_OPTIONS).map(([name, option]) => [name, readWhole(option, environment[option.env])] as const);
  const text = (name: keyof typeof TEXT_OPTIONS): string | undefined => environment[name]?.trim() || undefined;
  const config: ServerConfig = {
    ...(Object.fromEntries(numbers) as Record<keyof typeof WHOLE_OPTIONS, number>),
    host: v.parse(hostSchema, text('HOST') ?? '127.0.0.1'),
    logLevel: v.parse(logLevelSchema, text('LOG_LEVEL') ?? 'info'),
    publicUrl: v.parse(publicUrlSchema, text('PUBLIC_URL')),
    accessTokens: v.parse(accessTokensSchema, readList('ACCESS_TOKENS', text('ACCESS_TOKENS'))),
    tokenSecret: v.parse(tokenSecretSchema, text('TOKEN_SECRET')),
    allowedOrigins: v.parse(originsSchema, readList('ALLOWED_ORIGINS', text('ALLOWED_ORIGINS'))),
    swarmAllowList: v.parse(swarmsSchema, readList('SWARM_ALLOW_LIST', text('SWARM_ALLOW_LIST'))),
    metricsToken: v.parse(metricsTokenSchema, text('METRICS_TOKEN')),
    turnUrls: v.parse(turnUrlsSchema, readList('TURN_URLS', text('TURN_URLS'))),
    turnSecret: v.parse(turnSecretSchema, text('TURN_SECRET')),
    redisUrl: v.parse(redisUrlSchema, text('REDIS_URL')),
    turnForEveryone: v.parse(yesSchema, text('TURN_FOR_EVERYONE') ?? 'no') === 'yes',
  };
  const contradiction = contradictionIn(config);
  return v.parse(
    v.pipe(
      v.custom<ServerConfig>(() => true),
      v.check(() => contradiction === undefined, contradiction ?? ''),
    ),
    config,
  );
}

/** What no one option is wrong about. */
function contradictionIn({ turnUrls, turnSecret, turnForEveryone, accessTokens, tokenSecret }: ServerConfig): string | undefined {
  if (turnUrls.length > 0 !== (turnSecret !== undefined)) return 'TURN_URLS and TURN_SECRET go together: set both or neither';
  const isPrivate = accessTokens.length > 0 || tokenSecret !== undefined;
  if (turnUrls.length === 0 || isPrivate || turnForEveryone) return undefined;
  return 'TURN_URLS would be lent to nobody: set ACCESS_TOKENS or TOKEN_SECRET, or TURN_FOR_EVERYONE=yes';
}

function secretSchema(env: string, minChars: number) {
  return v.optional(
    v.pipe(
      v.string(),
      v.minLength(minChars, `${env} must have at least ${minChars} characters: openssl rand -hex ${minChars} makes one`),
      v.maxLength(1000, `${env} may have at most 1000 characters`),
    ),
  );
}

/** Extensions have origins of schemes that URL gives none for. */
function isOrigin(text: string): boolean {
  return /^[a-z][a-z-]*:\/\/[^/?#\s]+$/.test(text) && URL.canParse(text);
}

function readList(env: string, text: string | undefined): string[] {
  const entries = (text ?? '').split(',').map((entry) => entry.trim());
  const list = entries.filter((entry) => entry !== '');
  return v.parse(v.pipe(v.array(v.string()), v.maxLength(MAX_LIST_ENTRIES, `${env} may have at most ${MAX_LIST_ENTRIES} entries`)), list);
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
