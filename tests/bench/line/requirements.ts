import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';

/** @throws {Error} that says what this machine lacks for lines of its own: root, iproute2, TUN devices, a C compiler */
export async function requireLineTools(): Promise<void> {
  const lacks: string[] = [];
  if (process.platform !== 'linux' || process.getuid?.() !== 0) lacks.push('root on Linux (network namespaces)');
  if (!(await runs('ip', '-Version'))) lacks.push('iproute2 (Debian, Ubuntu: "apt-get install iproute2")');
  if (!(await runs('cc', '--version'))) lacks.push('a C compiler (Debian, Ubuntu: "apt-get install gcc libc6-dev")');
  const hasTun = await access('/dev/net/tun', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!hasTun) lacks.push('/dev/net/tun (the kernel module tun)');
  if (lacks.length > 0)
    throw new Error(
      `The scenarios "limited", "rtt50" and those that begin with "line20" need lines of their own, and for them: ${lacks.join('; ')}.`,
    );
}

async function runs(program: string, flag: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, [flag]);
    return true;
  } catch {
    return false;
  }
}
