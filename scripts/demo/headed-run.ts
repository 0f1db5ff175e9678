import { once } from 'node:events';
import type { DemoStage } from './demo-stage';
import type { DemoOptions } from './options';
import { say } from './progress';
import { openViewer } from './viewer';

export async function runHeaded(stage: DemoStage, { viewers }: DemoOptions): Promise<number> {
  const viewer = await openViewer(stage, { name: 'Player', place: 0, headless: false });
  say(`open ${viewers}`);
  await once(viewer.gone, 'abort');
  return 0;
}
