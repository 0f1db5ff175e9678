import { describe, expect, onTestFinished, test } from 'vitest';
import { EngineCallError } from '@/src/protocol/engine-api';
import { portRpc } from '@/src/messaging/port-rpc';
import { notice } from '@/src/protocol/notice';

interface Calls {
  double(value: number): Promise<number>;
  fail(): Promise<void>;
  crash(): Promise<void>;
  hang(): Promise<void>;
}

interface Events {
  told(text: string): void;
}

function connect(events: Events) {
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const { port1, port2 } = new MessageChannel();
  const calls: Calls = {
    double: async (value) => value * 2,
    fail: () => Promise.reject(new EngineCallError('bad-magnet', notice('magnetTooLong', { limit: 7 }))),
    crash: () => Promise.reject(new TypeError('oops')),
    hang: () => new Promise(() => undefined),
  };
  const server = portRpc<Events, Calls>(port1, calls, life.signal);
  const client = portRpc<Calls, Events>(port2, events, life.signal);
  return { server, client, life, rawPort: port2 };
}

const deaf: Events = { told: () => undefined };

describe('calls over a port', () => {
  test('answers come back', async () => {
    expect(await connect(deaf).client.double(21)).toBe(42);
  });

  test('an engine error keeps its code and notice', async () => {
    const error: unknown = await connect(deaf)
      .client.fail()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineCallError);
    expect(error).toMatchObject({ code: 'bad-magnet', notice: { name: 'magnetTooLong', values: { limit: 7 } } });
  });

  test('any other error arrives as internal', async () => {
    await expect(connect(deaf).client.crash()).rejects.toMatchObject({
      code: 'internal',
      notice: { name: 'unexpected' },
      message: expect.stringContaining('oops') as string,
    });
  });

  test('pending and later calls reject once the other side is known dead', async () => {
    const { client, life } = connect(deaf);
    const pending = client.hang();
    // An answer to a later call shows that the first one is under way.
    await client.double(1);
    life.abort();
    await expect(pending).rejects.toMatchObject({ code: 'engine-lost' });
    await expect(client.double(1)).rejects.toThrow('closed');
  });

  test('events go one way, in order', async () => {
    const heard: string[] = [];
    const done = Promise.withResolvers<void>();
    const { server } = connect({
      told(text) {
        heard.push(text);
        if (heard.length === 2) done.resolve();
      },
    });
    await server.told.asEvent('first');
    await server.told.asEvent('second');
    await done.promise;
    expect(heard).toEqual(['first', 'second']);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'missing'])('%s cannot be called', async (name) => {
    const { client } = connect(deaf);
    await expect(client.$call(name as keyof Calls)).rejects.toMatchObject({ code: 'internal' });
  });

  test.each([null, 7, 'text', {}, { t: 'x' }, []])('a message like %j is dropped', async (junk) => {
    const { client, rawPort } = connect(deaf);
    rawPort.postMessage(junk);
    expect(await client.double(2)).toBe(4);
  });
});
