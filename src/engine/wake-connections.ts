import type { EngineOptions } from './engine-options';

/** The first connection of a browser takes tens of ms longer than the next; one that is never offered to anybody touches no network. */
export async function wakeConnections({ createConnection, logger }: Pick<EngineOptions, 'createConnection' | 'logger'>): Promise<void> {
  try {
    const connection = createConnection({ iceServers: [] });
    connection.createDataChannel('');
    await connection.createOffer();
    connection.close();
  } catch (error) {
    logger.debug('no connection could be made ahead', { reason: String(error) });
  }
}
