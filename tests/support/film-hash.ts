import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Frame, Page } from 'puppeteer';

export async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** What the picture is made of: every byte the extension serves for the film in the player. */
export function streamedSha256(player: Frame | Page): Promise<string> {
  return player.evaluate(async () => {
    const url = document.querySelector('video')?.getAttribute('src') ?? '';
    const bytes = await (await fetch(url)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}
