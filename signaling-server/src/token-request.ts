import { parseArgs } from 'node:util';
import { signToken } from './access';
import { readConfig, type Environment } from './config';

const USAGE = 'Usage: lodestream-signaling token --name WHO [--days N], with TOKEN_SECRET set as for the server';
const DEFAULT_DAYS = '30';

/** Signs the token that was asked for on the command line. @throws with a sentence for the operator */
export async function readTokenRequest(args: readonly string[], environment: Environment): Promise<string> {
  const { name, days } = read(args);
  if (!/^[\w .@-]{1,100}$/.test(name ?? '')) throw new Error(`${USAGE}. WHO has 1 to 100 letters, digits, blanks or . @ - _`);
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new Error(`${USAGE}. N is a whole number of days from 1 to 9999.`);
  const { tokenSecret } = readConfig({ TOKEN_SECRET: environment['TOKEN_SECRET'] });
  if (tokenSecret === undefined) throw new Error('Set TOKEN_SECRET to the secret that the server has: it signs the token.');
  return signToken(tokenSecret, name ?? '', Number(days));
}

function read(args: readonly string[]): { readonly name: string | undefined; readonly days: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { name: { type: 'string' }, days: { type: 'string', default: DEFAULT_DAYS } },
    });
    return { name: values.name, days: values.days };
  } catch {
    throw new Error(USAGE);
  }
}
