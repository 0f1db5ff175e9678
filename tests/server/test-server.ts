import { onTestFinished } from 'vitest';
import { readConfig, type Environment } from '@/signaling-server/src/config';
import { createSignalingServer, type SignalingServer, type Surroundings } from '@/signaling-server/src/create-server';

/** A server of its own for one test, on any free port. */
export async function startServer(environment: Environment = {}, surroundings?: Surroundings): Promise<SignalingServer> {
  const server = await createSignalingServer(readConfig({ PORT: '0', LOG_LEVEL: 'error', ...environment }), surroundings);
  onTestFinished(() => server.close());
  return server;
}
