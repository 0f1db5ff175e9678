import { describe, expect, test } from 'vitest';
import { resumePositionS } from '@/src/ui/state/resume-position';

describe('where a film goes on another time', () => {
  test('where it was left', () => {
    expect(resumePositionS(1800, 7200)).toBe(1800);
  });

  test('at the beginning when it had hardly begun', () => {
    expect(resumePositionS(4.9, 7200)).toBeUndefined();
  });

  test('at the beginning when it had nearly ended: two minutes of a long film, a twentieth of a short one', () => {
    expect([resumePositionS(7081, 7200), resumePositionS(7079, 7200)]).toEqual([undefined, 7079]);
    expect([resumePositionS(96, 100), resumePositionS(94, 100)]).toEqual([undefined, 94]);
  });

  test('at the beginning when its length is not known', () => {
    expect(resumePositionS(100, Number.NaN)).toBeUndefined();
  });
});
