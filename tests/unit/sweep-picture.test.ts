/** The picture of the sweep: where its lines lie, what it says, and that no name of an adapter is more than text. */
import { describe, expect, test } from 'vitest';
import type { BenchResult } from '../../src/bench/results';
import { sweepPicture } from '../../src/bench/sweep-picture';
import type { WorkloadResult } from '../../src/comparison/contender-result';

function point(width: number, batch: number, webgpu: number, cpu: number): WorkloadResult {
  const contenders = Object.entries({ webgpu, cpu }).map(([name, median]) => ({
    ...{ name, median_ms: median, least_ms: median, most_ms: median, rounds: 1, check: 'ok' },
  }));
  return {
    name: `sweep-${width}x${batch}`,
    unit: 'ms per step',
    title: '',
    width,
    batch,
    contenders,
  } as unknown as WorkloadResult;
}

function resultOf(workloads: readonly WorkloadResult[], description = 'a card'): BenchResult {
  return {
    machine: { cores: 8, os: 'Linux', user_agent: '', cross_origin_isolated: true },
    adapter: { description, isSoftware: false },
    workloads,
    skipped: [],
  };
}

/** Heights of the points of each line. */
function linesOf(svg: string): number[][] {
  return [...svg.matchAll(/class="line [^"]*" d="M([^"]*)"/g)].map(([, path]) =>
    path.split('L').map((place) => Number(place.split(' ')[1])),
  );
}

const WORKLOADS = [
  ...[point(16, 32, 4, 1), point(64, 32, 1, 1), point(256, 32, 1, 8)],
  ...[point(16, 512, 1, 1), point(64, 512, 1, 4), point(256, 512, 1, 16)],
];

describe('the picture of the sweep', () => {
  const svg = sweepPicture(resultOf(WORKLOADS)) ?? '';

  test('has a line a batch size, whose points are as high as the GPU is fast', () => {
    const [small, large] = linesOf(svg);
    // A power of two is as high as another: from 1/4 to 8 there are five, from 1 to 16 four.
    const unit = (small[0] - small[2]) / 5;
    expect(unit).toBeGreaterThan(20);
    expect(small[1]).toBeCloseTo(small[0] - 2 * unit, 0);
    expect(large).toEqual([
      small[1],
      expect.closeTo(small[1] - 2 * unit, 0),
      expect.closeTo(small[1] - 4 * unit, 0),
    ]);
  });

  test('says who computed and what it found', () => {
    expect(svg).toContain('>a card; Linux, 8 cores<');
    expect(svg).toContain(
      '<title>On this machine the GPU passes the CPU from width 256 on with batches of 32',
    );
    for (const words of ['>1/4<', '>16<', '>batch 32<', '>batch 512<'])
      expect(svg).toContain(words);
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  test('is well formed, whatever an adapter calls itself', () => {
    const evil = sweepPicture(resultOf(WORKLOADS, '</text><script>"&')) ?? '';
    expect(evil).toContain('&#60;/text&#62;&#60;script&#62;&#34;&#38;');
    expect(evil).not.toContain('<script');
  });

  test('keeps the labels of lines that end together apart', () => {
    const same = [point(16, 1, 1, 2), point(16, 2, 1, 2), point(16, 3, 1, 2)];
    const heights = [...(sweepPicture(resultOf(same)) ?? '').matchAll(/y="([\d.]+)">batch/g)].map(
      ([, y]) => Number(y),
    );
    expect(heights[1] - heights[0]).toBeGreaterThanOrEqual(16);
    expect(heights[2] - heights[1]).toBeGreaterThanOrEqual(16);
  });

  test('is not there without a size that both have a time for', () => {
    expect(sweepPicture(resultOf([]))).toBeUndefined();
  });
});
