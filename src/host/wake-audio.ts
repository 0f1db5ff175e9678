/** A tenth of a second of silence: 8000 samples of 8 bits a second. */
const SAMPLES = 800;
const SILENCE = 0x80;

/**
 * The browser starts its sound process with the first film, and shows no picture before. Measured in Chromium 156: asked for while the
 * engine still looks for peers, the first picture comes about 0.1 s earlier. The element is loaded and never played; unlike a new
 * AudioContext it does not make this thread wait.
 */
export function wakeAudio(): void {
  const audio = new Audio(URL.createObjectURL(new Blob([silentWave()], { type: 'audio/wav' })));
  const forget = (): void => URL.revokeObjectURL(audio.src);
  audio.addEventListener('loadeddata', forget, { once: true });
  audio.addEventListener('error', forget, { once: true });
  audio.preload = 'auto';
  audio.load();
}

/** RIFF/WAVE, one channel of PCM. */
function silentWave(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + SAMPLES).fill(SILENCE);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string): void => bytes.set(new TextEncoder().encode(letters), at);
  text(0, 'RIFF');
  view.setUint32(4, 36 + SAMPLES, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, 'data');
  view.setUint32(40, SAMPLES, true);
  return bytes;
}
