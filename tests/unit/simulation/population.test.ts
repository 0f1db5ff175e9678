import { describe, expect, test } from 'vitest';
import { makePopulation } from '@/tests/simulation/population';
import { SeededRandom } from '@/tests/simulation/seeded-random';

const FILM_MS = 600_000;
const people = makePopulation(
  { count: 20_000, filmMs: FILM_MS, bytesPerMs: 312.5, liarShare: 0.01, freeRiderShare: 0.1, uplinkFactor: 1 },
  new SeededRandom(3),
);

describe('the simulated population', () => {
  test('comes in order, half of it within a bit more than a third of the film', () => {
    const arrivals = people.map(({ arrivesAtMs }) => arrivesAtMs);
    expect(arrivals).toEqual(arrivals.toSorted((left, right) => left - right));
    // ln 2 time constants of half a film, but for the end that is cut off.
    expect(arrivals[10_000]).toBeGreaterThan(0.31 * FILM_MS);
    expect(arrivals[10_000]).toBeLessThan(0.36 * FILM_MS);
    expect(arrivals.at(-1)).toBeLessThanOrEqual(1.5 * FILM_MS);
  });

  test.each([
    ['liars', 0.01, people.filter(({ host }) => host.kind === 'liar').length],
    ['free riders', 0.1, people.filter(({ host }) => host.kind === 'free-rider').length],
    ['those behind a symmetric NAT', 0.18, people.filter(({ host }) => host.symmetricNat).length],
    ['those who stay to the end', 0.2 + 0.8 * Math.exp(-4), people.filter(({ watchesMs }) => watchesMs === FILM_MS).length],
    ['those who vanish', 0.1, people.filter(({ farewell }) => farewell === 'vanishes').length],
  ])('the share of %s is %f', (_name, share, count) => {
    expect(count / people.length).toBeCloseTo(share, 1.7);
  });

  test('uplinks have the published median of fixed and mobile lines together, less what others use', () => {
    const uplinksMbit = people.map(({ host }) => (host.uplinkBytesPerMs * 8) / 1000).sort((left, right) => left - right);
    expect(uplinksMbit[10_000]).toBeGreaterThan(18);
    expect(uplinksMbit[10_000]).toBeLessThan(24);
  });

  test('half the round trips take less than 100 ms, and more than 60', () => {
    const pairs = people.slice(0, 10_000).map((person, index) => [person.host, people[index + 10_000]?.host ?? person.host] as const);
    const roundTrips = pairs
      .map(([left, right]) => 2 * (Math.hypot(left.xMs - right.xMs, left.yMs - right.yMs) + left.accessMs + right.accessMs))
      .sort((left, right) => left - right);
    expect(roundTrips[5000]).toBeGreaterThan(60);
    expect(roundTrips[5000]).toBeLessThan(100);
  });
});
