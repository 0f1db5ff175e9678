import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { InfoHash, SwarmId } from '@/src/protocol/ids';
import { swarmIdOf } from '@/src/protocol/swarm-id';

export interface AccessOptions {
  /** Shared secrets: whoever knows one may come in. */
  readonly accessTokens: readonly string[];
  /** Of tokens that are signed and expire; undefined for none. */
  readonly tokenSecret: string | undefined;
  /** Of web pages and extensions; empty for all. */
  readonly allowedOrigins: readonly string[];
  /** Info hashes or swarm ids, 40 hex digits each; empty for all. */
  readonly swarmAllowList: readonly string[];
}

const ALGORITHM = 'HS256';
/** Says what the token is for: one signed with the same secret for something else is none of ours. */
const AUDIENCE = 'lodestream-signaling';

/** Who may use this server, and for what. Without any of its options that is everybody, for everything. */
export class Access {
  readonly #options: AccessOptions;
  readonly #tokens: readonly Buffer[];
  readonly #secret: Uint8Array | undefined;
  readonly #swarms: ReadonlySet<string>;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#tokens = options.accessTokens.map(digest);
    this.#secret = options.tokenSecret === undefined ? undefined : new TextEncoder().encode(options.tokenSecret);
    this.#swarms = new Set(options.swarmAllowList.flatMap((hash) => [hash, swarmIdOf(hash as InfoHash)]));
  }

  /** Only those who have a token come in. */
  get isPrivate(): boolean {
    return this.#tokens.length > 0 || this.#secret !== undefined;
  }

  /** Whether the token is one of the shared ones, or a JSON Web Token (RFC 7519, HS256) for this audience that has not expired. */
  async admits(token: string): Promise<boolean> {
    const given = digest(token);
    // All of them are compared, so that the time taken tells nothing.
    if (this.#tokens.filter((known) => timingSafeEqual(known, given)).length > 0) return true;
    if (this.#secret === undefined) return false;
    try {
      await jwtVerify(token, this.#secret, { algorithms: [ALGORITHM], audience: AUDIENCE, requiredClaims: ['exp'] });
      return true;
    } catch {
      // Whatever is wrong with it, the client can only ask for another one.
      return false;
    }
  }

  /** Programs that are no browsers send no origin; what keeps those out is a token. */
  allowsOrigin(origin: string | undefined): boolean {
    const { allowedOrigins } = this.#options;
    return origin === undefined || allowedOrigins.length === 0 || allowedOrigins.includes(origin);
  }

  allowsSwarm(swarmId: SwarmId): boolean {
    return this.#swarms.size === 0 || this.#swarms.has(swarmId);
  }
}

/** @param name whom it is for, as `sub`; it is never logged */
export function signToken(secret: string, name: string, days: number): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(name)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${days} days`)
    .sign(new TextEncoder().encode(secret));
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
