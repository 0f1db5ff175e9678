import { idleBrowserPssBytes } from './idle-browser';
import { measureRun } from './measure-run';
import type { Sample } from './metrics';
import type { Ground, Surroundings } from './surroundings';
import type { SystemName } from './systems';
import type { RunningSystem } from './viewer';

export interface ScenarioPlan {
  readonly systems: readonly SystemName[];
  readonly runs: number;
  readonly ground: Ground;
  readonly open: (system: SystemName, around: Surroundings) => Promise<RunningSystem>;
  readonly onFailure: (system: SystemName, run: number, error: unknown) => void;
  readonly onSample: (system: SystemName, run: number, sample: Sample) => void;
}

export type ScenarioSamples = ReadonlyMap<SystemName, readonly Sample[]>;

/** A run that fails (WebTorrent's do now and then) is said and left out; the others go on. All seeders stand ready from the first run to the last; the viewers come and go in turn, one at a time. */
export async function runScenario({ systems, runs, ground, open, onSample, onFailure }: ScenarioPlan): Promise<ScenarioSamples> {
  const { film, scenario, farEnds, silentStun } = ground;
  const running = new Map<SystemName, RunningSystem>();
  const samples = new Map<SystemName, Sample[]>();
  try {
    for (const name of systems) {
      running.set(name, await open(name, await ground.openSurroundings()));
      console.log(`  ${name}: the seeder is ready`);
    }
    for (let run = 1; run <= runs; run++) {
      const idlePssBytes = await idleBrowserPssBytes();
      for (const [name, system] of running) {
        const packetsBefore = silentStun?.packets ?? 0;
        const sample = await measureRun(system, { film, scenario, farEnds, idlePssBytes }).catch((error: unknown) => {
          onFailure(name, run, error);
        });
        if (sample === undefined) continue;
        if (silentStun !== undefined && silentStun.packets === packetsBefore) {
          throw new Error(`${name} sent nothing to the silent STUN server: this run shows nothing.`);
        }
        samples.set(name, [...(samples.get(name) ?? []), sample]);
        onSample(name, run, sample);
      }
    }
    return samples;
  } finally {
    for (const system of running.values()) await system.close();
  }
}
