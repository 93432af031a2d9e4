import { expect, it } from 'vitest';
import { averageOfQuarter, type Sample } from './measurements.ts';

const sampleOf = (at: number, rss: number): Sample => ({
  at,
  rss,
  heap: 0,
  external: 0,
  descriptors: 0,
  loopDelay: 0,
  rate: 0,
  median: 0,
  p99: 0,
  slowest: 0,
});

it('compares the last quarter with the second, after the start has warmed up', () => {
  const samples = [1, 5, 100, 100, 120, 140, 160, 150, 150].map((rss, at) => sampleOf(at, rss));
  const quarters = [1, 2, 3, 4].map((quarter) => averageOfQuarter(samples, quarter, 'rss'));
  expect(quarters).toEqual([3, 100, 130, 460 / 3]);
});
