import { pssBytes } from '@/tests/signaling-bench/measure-server';
import type { Child } from '@/tests/support/child-process';

export interface ServerMemory {
  /** What the kernel counts for the process. */
  readonly pssBytes: number;
  /** What is alive in V8's heap, and what has died since the last collection. */
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Buffers. */
  readonly externalBytes: number;
}

/** As the server's own metrics and the kernel tell it. */
export async function memoryOf(server: Child, url: string): Promise<ServerMemory> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const gauge = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return {
    pssBytes: await pssBytes(server),
    heapUsedBytes: gauge('nodejs_heap_size_used_bytes'),
    heapTotalBytes: gauge('nodejs_heap_size_total_bytes'),
    externalBytes: gauge('nodejs_external_memory_bytes'),
  };
}

export function memoryText({ pssBytes: pss, heapUsedBytes, heapTotalBytes, externalBytes }: ServerMemory): string {
  return `${inMB(pss)} MB, of it heap ${inMB(heapTotalBytes)} MB, used ${inMB(heapUsedBytes)} MB, buffers ${inMB(externalBytes)} MB`;
}

function inMB(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
