import type { Logger } from 'pino';
import type { Admission } from '../admission';
import type { HubParts } from '../client-session';
import type { ServerConfig } from '../config';
import type { Heartbeat } from '../heartbeat';

/** What every transport works with. */
export interface TransportParts extends HubParts {
  readonly config: ServerConfig;
  readonly admission: Admission;
  readonly heartbeat: Heartbeat;
  readonly log: Logger;
}
