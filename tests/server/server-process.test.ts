import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig, WHOLE_OPTIONS } from '@/signaling-server/src/config';
import { join } from './test-peer';
import { startServer } from './test-server';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function runMain(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'signaling-server/src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, HOST: '', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('configuration', () => {
  test('has a default for everything, and an empty variable is one not set', () => {
    const config = readConfig({ PORT: '', HOST: ' ' });
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8787, offerLifetimeSeconds: 120, maxMessageBytes: 131_072, logLevel: 'info' });
    for (const { byDefault, min, max } of Object.values(WHOLE_OPTIONS)) {
      expect(byDefault).toBeGreaterThanOrEqual(min);
      expect(byDefault).toBeLessThanOrEqual(max);
    }
  });

  test.each(['-1', '65536', '80.5', 'abc', '0x50', '1e3', '99999999999999'])('refuses port %s with a sentence', (port) => {
    expect(() => readConfig({ PORT: port })).toThrow('PORT must be a whole number from 0 to 65535 (port)');
  });

  test('refuses values outside the range of any option, odd hosts and unknown log levels', () => {
    for (const { env, min, max } of Object.values(WHOLE_OPTIONS)) {
      expect(() => readConfig({ [env]: String(max + 1) })).toThrow(`${env} must be a whole number from ${min} to ${max}`);
    }
    expect(() => readConfig({ HOST: 'not a host' })).toThrow('HOST must be');
    expect(() => readConfig({ LOG_LEVEL: 'loud' })).toThrow('LOG_LEVEL must be one of');
  });
});

describe('the program', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, serves, and stops on %s with exit code 0', async (signal) => {
    const child = runMain({ LOG_LEVEL: 'silent' });
    const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
    const url = /^Lodestream signaling server listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(String(line))?.[1] ?? '';
    const peer = await join(url);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await peer.statuses.take(({ kind }) => kind === 'unreachable')).toMatchObject({ reason: { name: 'connectionLost' } });
  });

  test('keeps addresses and swarm ids out of its log', async () => {
    const child = runMain({ LOG_LEVEL: 'trace' });
    const log = text(child.stderr);
    const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
    const peer = await join(String(line).split(' ').at(-1) ?? '');
    peer.stop();
    child.kill('SIGTERM');
    const written = await log;
    expect(written).toContain('"stopped"');
    expect(written).not.toMatch(/127\.0\.0\.1|[0-9a-f]{40}/);
  });

  test('refuses nonsense with a sentence and exit code 1', async () => {
    const child = runMain({ PORT: 'many' });
    const errors = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await errors).toBe('PORT must be a whole number from 0 to 65535 (port)\n');
  });

  test('says which port is taken', async () => {
    const { port } = await startServer();
    const child = runMain({ PORT: String(port) });
    const errors = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await errors).toContain(`Port ${port} on 127.0.0.1 is already taken.`);
  });
});

describe('plain HTTP', () => {
  test('/health says what the server is, to every origin', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({ status: 'ok', service: 'lodestream-signaling' });
  });

  test.each(['/nothing', '/health/x', '/%zz'])('%s answers 404 and says what this server is', async (path) => {
    const { url } = await startServer();
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Lodestream signaling server');
  });

  test('Socket.IO by long polling is refused', async () => {
    const { url } = await startServer();
    expect((await fetch(`${url}/socket.io/?EIO=4&transport=polling`)).status).toBe(400);
  });
});
