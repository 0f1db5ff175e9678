import type { ServerTest } from '@/src/protocol/engine-api';

/** What a test of a server found out, in a sentence. */
export function serverTestWords(test: ServerTest): string {
  if (!test.ok) return test.reason;
  const connected = `${test.protocol}; first answer after ${Math.round(test.connectMs)} ms`;
  return test.roundTripMs === undefined ? `Works: ${connected}.` : `Works: ${connected}, round trip ${Math.round(test.roundTripMs)} ms.`;
}
