import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { canInstallPackages, installPackages } from './apt-packages';

interface Tool {
  readonly program: string;
  readonly packageName: string;
  readonly what: string;
  readonly expected: string;
}

/** What tests of relayed connections and of several signaling servers run beside them. */
const TOOLS = {
  turnServer: { program: 'turnserver', packageName: 'coturn', what: 'a TURN server', expected: 'about 5 MB, some seconds' },
  redisServer: { program: 'redis-server', packageName: 'redis-server', what: 'Redis', expected: 'about 2 MB, some seconds' },
  packetCapture: { program: 'tcpdump', packageName: 'tcpdump', what: 'a packet capture', expected: 'about 2 MB, some seconds' },
} as const satisfies Record<string, Tool>;

export const NETWORK_TOOLS = Object.keys(TOOLS) as NetworkTool[];
export type NetworkTool = keyof typeof TOOLS;

/**
 * Makes sure that a program is there, installing it where that needs no question.
 * @returns its name
 * @throws {Error} that says what to install
 */
export async function ensureNetworkTool(tool: NetworkTool): Promise<string> {
  const { program, packageName, what, expected } = TOOLS[tool];
  if (await isInstalled(program)) return program;
  console.log(`No ${program} found on this machine.`);
  if (canInstallPackages() && (await installPackages([packageName], expected)) && (await isInstalled(program))) return program;
  throw new Error(
    `The tests need ${what}: install ${packageName} (Debian, Ubuntu: "apt-get install ${packageName}"; macOS: "brew install ${packageName}") ` +
      'and try again.',
  );
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, ['--version'], { timeout: 20_000 });
    return true;
  } catch (error) {
    // Old versions of coturn know no such switch and end with an error: what counts is that the program ran.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}
