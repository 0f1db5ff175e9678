import { existsSync } from 'node:fs';
import { runCommand } from './run-command';

/** Only root on Debian or Ubuntu installs packages here; asking for a password from a script would surprise people. */
export function canInstallPackages(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Installs Debian packages, showing what apt says. Resolves to false when it failed. */
export async function installPackages(names: readonly string[], expected: string): Promise<boolean> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  console.log(`Installing ${names.join(', ')} with apt-get (${expected}) …`);
  const updated = await runCommand('apt-get', ['update', '-q'], { env });
  if (updated !== 0) console.log('apt-get update failed; trying the package lists that are there.');
  return (await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env })) === 0;
}
