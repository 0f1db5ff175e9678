import { describe, expect, it } from 'vitest';
import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { lonelySince } from '@/src/ui/state/lonely-since';
import { viewTimeline } from '@/src/ui/state/view-timeline';
import { examplePeer, exampleSession } from './session-examples';

describe('the timeline of a view', () => {
  it('counts every moment from the click', () => {
    const moments = viewTimeline({
      clickedAtMs: 1_000,
      overlayAtMs: 1_120.4,
      firstFrameAtMs: 1_900,
      session: { opened: 1_130, signaling: 1_200, peer: 1_400, metadata: 1_450, 'first-piece': 1_700 },
    });
    expect(moments).toEqual([
      { event: 'overlay', sinceClickMs: 120 },
      { event: 'signaling', sinceClickMs: 200 },
      { event: 'peer', sinceClickMs: 400 },
      { event: 'metadata', sinceClickMs: 450 },
      { event: 'first-piece', sinceClickMs: 700 },
      { event: 'first-frame', sinceClickMs: 900 },
    ]);
  });

  it('puts what another tab reached before the click at zero', () => {
    const [signaling] = viewTimeline({ clickedAtMs: 1_000, overlayAtMs: 1_100, firstFrameAtMs: undefined, session: { signaling: 400 } });
    expect(signaling).toEqual({ event: 'signaling', sinceClickMs: 0 });
  });

  it('is in the order of its times, and leaves what has not happened where it usually comes', () => {
    const facts = { clickedAtMs: 1_000, overlayAtMs: 1_370, firstFrameAtMs: undefined };
    const order = (session: SessionSnapshot['timeline']): string[] => viewTimeline({ ...facts, session }).map(({ event }) => event);
    expect(order({ signaling: 1_210, metadata: 1_440, peer: 1_450 })).toEqual([
      'signaling',
      'overlay',
      'metadata',
      'peer',
      'first-piece',
      'first-frame',
    ]);
    expect(order({ peer: 1_200 })).toEqual(['peer', 'signaling', 'overlay', 'metadata', 'first-piece', 'first-frame']);
  });

  it('leaves open what has not happened', () => {
    const moments = viewTimeline({ clickedAtMs: 1_000, overlayAtMs: 1_100, firstFrameAtMs: undefined, session: {} });
    expect(moments.filter((moment) => moment.sinceClickMs !== undefined).map((moment) => moment.event)).toEqual(['overlay']);
  });
});

describe('how long nobody has been there', () => {
  it('counts from the first look on, and anew after the last peer left', () => {
    const lonely = exampleSession();
    const since = lonelySince(undefined, lonely, 100);
    expect(lonelySince(since, lonely, 900)).toBe(100);
    const met = lonelySince(since, exampleSession({ peers: [examplePeer()] }), 1_000);
    expect(met).toBeUndefined();
    expect(lonelySince(met, lonely, 2_000)).toBe(2_000);
  });
});
