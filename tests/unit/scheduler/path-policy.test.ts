import { describe, expect, test } from 'vitest';
import { choosePathAction, DEFAULT_PATH_LIMITS, type PathFacts } from '@/src/scheduler/path-policy';

const LOST: PathFacts = {
  state: 'disconnected',
  isOfferer: true,
  lostForMs: 0,
  onlineForMs: Number.POSITIVE_INFINITY,
  restartingForMs: undefined,
  lastOfferMs: undefined,
};
const { disconnectedMs, restartMs, repeatMs } = DEFAULT_PATH_LIMITS;

describe('when a path is restarted', () => {
  test('a connected one is left alone', () => {
    expect(choosePathAction({ ...LOST, state: 'connected', lostForMs: 60_000 })).toEqual({ kind: 'wait', ms: Number.POSITIVE_INFINITY });
  });

  test('R1: a disconnected one may come back by itself for 2 s', () => {
    expect(choosePathAction(LOST)).toEqual({ kind: 'wait', ms: 2000 });
    expect(choosePathAction({ ...LOST, lostForMs: disconnectedMs - 1 })).toEqual({ kind: 'wait', ms: 1 });
    expect(choosePathAction({ ...LOST, lostForMs: disconnectedMs })).toEqual({ kind: 'restart' });
  });

  test('R1: one that failed is restarted at once', () => {
    expect(choosePathAction({ ...LOST, state: 'failed' })).toEqual({ kind: 'restart' });
  });

  test('a machine that just came back to a network waits for nothing', () => {
    expect(choosePathAction({ ...LOST, onlineForMs: 0 })).toEqual({ kind: 'restart' });
    expect(choosePathAction({ ...LOST, onlineForMs: 3_600_000 })).toEqual({ kind: 'wait', ms: disconnectedMs });
  });

  test('an offer that led nowhere is made anew, and the whole is given up after 10 s', () => {
    const restarting = { ...LOST, lostForMs: 5000, restartingForMs: 3000 };
    expect(choosePathAction({ ...restarting, lastOfferMs: 1000 })).toEqual({ kind: 'wait', ms: repeatMs - 1000 });
    expect(choosePathAction({ ...restarting, lastOfferMs: repeatMs })).toEqual({ kind: 'restart' });
    expect(choosePathAction({ ...restarting, restartingForMs: 9000, lastOfferMs: 0 })).toEqual({ kind: 'wait', ms: restartMs - 9000 });
    expect(choosePathAction({ ...restarting, restartingForMs: restartMs, lastOfferMs: repeatMs })).toEqual({ kind: 'give-up' });
  });

  test('whoever answered the link never offers: it waits as long as the other side tries', () => {
    const answerer = { ...LOST, isOfferer: false };
    expect(choosePathAction({ ...answerer, state: 'failed' })).toEqual({ kind: 'wait', ms: disconnectedMs + restartMs });
    expect(choosePathAction({ ...answerer, lostForMs: disconnectedMs + restartMs })).toEqual({ kind: 'give-up' });
  });
});
