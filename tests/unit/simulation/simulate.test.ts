import { describe, expect, test } from 'vitest';
import { FREE_RIDER_SHARE, LIAR_SHARE } from '@/tests/simulation/population';
import { simulate, type SimulationOptions } from '@/tests/simulation/simulate';

const PEOPLE = { liarShare: LIAR_SHARE, freeRiderShare: FREE_RIDER_SHARE, uplinkFactor: 1 };
const SMALL: SimulationOptions = { ...PEOPLE, peers: 25, seed: 7, filmS: 30, sparse: true, pieceLengthBytes: 128 * 1024 };

describe('simulation', () => {
  // The store of each viewer refuses a piece that is not the film's: that nothing else is ever stored is part of every run.
  test('200 viewers with real payloads, liars and free riders among them, get the film mostly from each other', async () => {
    const report = await simulate({ ...SMALL, peers: 200, seed: 1, filmS: 40, sparse: false });
    expect(report.peers).toBe(200);
    expect(report.peerShare).toBeGreaterThan(0.7);
    expect(report.startMedianS).toBeGreaterThan(0.3);
    expect(report.startMedianS).toBeLessThan(6);
    expect(report.startP95S).toBeLessThan(30);
    expect(report.gaveUpShare).toBeLessThan(0.05);
    expect(report.duplicateShare).toBeLessThan(0.15);
    expect(report.liarShare).toBeLessThan(0.1);
    expect(report.sentBytes['free-rider']).toBeLessThan(report.sentBytes.viewer / 1000);
    expect(report.signalingMessagesPerPeer).toBeLessThan(3000);
    expect(report.stalledShare).toBeLessThan(0.5);
  });

  test('the same seed gives the same report, another seed another one', async () => {
    const first = await simulate(SMALL);
    expect(await simulate(SMALL)).toEqual(first);
    expect(await simulate({ ...SMALL, seed: 8 })).not.toEqual({ ...first, seed: 8 });
  });

  test('lengths alone give the same report as payloads', async () => {
    expect(await simulate({ ...SMALL, sparse: false })).toEqual(await simulate(SMALL));
  });

  test('an honest crowd plays the film without waiting', async () => {
    const report = await simulate({ ...SMALL, liarShare: 0, freeRiderShare: 0, uplinkFactor: 4 });
    expect(report.gaveUpShare).toBe(0);
    expect(report.liarShare).toBe(0);
    expect(report.stalledShare).toBeLessThan(0.05);
  });
});
