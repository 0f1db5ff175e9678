import { describe, expect, it } from 'vitest';
import { countStalls, NO_STALLS } from '@/src/ui/state/stalls-by-engine';

describe('stalls', () => {
  it('count for the engine that was chosen when they happened', () => {
    const looks = [
      { mode: 'hybrid', stalls: 0 },
      { mode: 'hybrid', stalls: 1 },
      { mode: 'webtorrent', stalls: 1 },
      { mode: 'webtorrent', stalls: 3 },
    ] as const;
    expect(looks.reduce(countStalls, NO_STALLS).stalls).toEqual({ hybrid: 1, webtorrent: 2, webrtc: 0 });
  });

  it('from before this player opened count for none', () => {
    const first = countStalls(NO_STALLS, { mode: 'webrtc', stalls: 4 });
    expect(first.stalls).toEqual(NO_STALLS.stalls);
    expect(countStalls(first, { mode: 'webrtc', stalls: 5 }).stalls.webrtc).toBe(1);
  });

  it('of an engine that started anew are counted from nothing', () => {
    const before = countStalls(countStalls(NO_STALLS, { mode: 'hybrid', stalls: 0 }), { mode: 'hybrid', stalls: 2 });
    const restarted = countStalls(before, { mode: 'hybrid', stalls: 0 });
    expect(countStalls(restarted, { mode: 'hybrid', stalls: 1 }).stalls.hybrid).toBe(3);
  });
});
