import { readConfig, TEXT_OPTIONS, WHOLE_OPTIONS } from './config';
import { createSignalingServer, type SignalingServer } from './create-server';
import { readTokenRequest } from './token-request';

try {
  const [command] = process.argv.slice(2);
  if (process.argv.includes('--help')) printOptions();
  else if (command === 'token') console.log(await readTokenRequest(process.argv.slice(3), process.env));
  else if (command !== undefined) throw new Error(`There is no command ${command}. Try --help.`);
  else stopOnSignal(await start());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start(): Promise<SignalingServer> {
  const config = readConfig(process.env);
  try {
    const server = await createSignalingServer(config);
    console.log(`Lodestream signaling server listening on ${server.url}`);
    return server;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const sentence = `Port ${config.port} on ${config.host} is already taken. Stop what uses it, or set PORT to another one.`;
    throw new Error(sentence, { cause: error });
  }
}

function stopOnSignal(server: SignalingServer): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal ends a process that does not stop.
    process.once(signal, () => {
      stop(server).then(
        () => process.exit(0),
        (error: unknown) => {
          console.error('The signaling server did not stop cleanly:', error);
          process.exit(1);
        },
      );
    });
  }
}

async function stop(server: SignalingServer): Promise<void> {
  await server.drain();
  await server.close();
}

function printOptions(): void {
  console.log(`Usage: lodestream-signaling                       starts the server
       lodestream-signaling token --name WHO [--days N]  prints an access token, signed with TOKEN_SECRET

Options, as environment variables:`);
  for (const [env, about] of Object.entries(TEXT_OPTIONS)) console.log(`  ${env.padEnd(40)}${about}`);
  for (const { env, byDefault, min, max, unit, about } of Object.values(WHOLE_OPTIONS)) {
    console.log(`  ${env.padEnd(40)}${byDefault}  (${min} to ${max} ${unit}) ${about}`);
  }
}
