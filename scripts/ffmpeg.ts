import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { canInstallPackages, installPackages } from './apt-packages';
import { runCommand } from './run-command';

/** Makes sure that ffmpeg is there, installing it where that needs no question. @throws {Error} that says what to install */
export async function ensureFfmpeg(): Promise<void> {
  if (await isInstalled()) return;
  console.log('No ffmpeg found on this machine.');
  if (canInstallPackages() && (await installPackages(['ffmpeg'], 'about 300 MB, a minute or two')) && (await isInstalled())) return;
  throw new Error(
    'Making films needs ffmpeg: install it (Debian, Ubuntu: "apt-get install ffmpeg"; macOS: "brew install ffmpeg"; ' +
      'others: https://ffmpeg.org/download.html) and try again.',
  );
}

/** @throws {Error} when ffmpeg fails; its output was shown */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  const exitCode = await runCommand('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args]);
  if (exitCode !== 0) throw new Error(`ffmpeg failed (exit code ${exitCode}); the lines above say why.`);
}

async function isInstalled(): Promise<boolean> {
  try {
    await promisify(execFile)('ffmpeg', ['-version']);
    return true;
  } catch {
    return false;
  }
}
