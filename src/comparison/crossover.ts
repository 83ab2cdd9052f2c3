/** Where WebGPU passes the CPU: what a sweep over sizes found, and the sentence about it. */
import { listOf } from './list-of';

/** One size and what a training step took there, in milliseconds. */
export interface SweepPoint {
  readonly width: number;
  readonly batch: number;
  readonly webgpu: number;
  readonly cpu: number;
}

/** A batch size and the least width from which WebGPU is the faster one at every width measured. */
interface Crossover {
  readonly batch: number;
  /** Null where the CPU is the faster one at the largest width. */
  readonly width: number | null;
  readonly largestWidth: number;
}

/** The crossover at each batch size, ascending. */
export function crossovers(points: readonly SweepPoint[]): readonly Crossover[] {
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  return batches.map((batch) => {
    const ascending = points
      .filter((point) => point.batch === batch)
      .sort((a, b) => a.width - b.width);
    let width: number | null = null;
    for (const point of ascending) {
      if (point.webgpu >= point.cpu) width = null;
      else width ??= point.width;
    }
    return { batch, width, largestWidth: ascending[ascending.length - 1].width };
  });
}

/**
 * `On this machine the GPU passes the CPU from width 256 on with batches of 256; …`, or undefined
 * where there are no points.
 *
 * @param isSoftware - whether the adapter is a software one; undefined where that is not known
 */
export function crossoverSentence(
  points: readonly SweepPoint[],
  isSoftware: boolean | undefined,
): string | undefined {
  const found = crossovers(points);
  if (found.length === 0) return undefined;
  const gpu = isSoftware ? 'WebGPU on the software adapter, which is no GPU,' : 'the GPU';
  const passed = found.flatMap(({ batch, width }) => (width === null ? [] : [{ batch, width }]));
  const slower = found.filter(({ width }) => width === null);
  const notPassed = slower.map(
    ({ batch, largestWidth }) => `batches of ${batch} up to width ${largestWidth}`,
  );
  if (passed.length === 0) {
    const largest = new Set(found.map(({ largestWidth }) => largestWidth));
    const where =
      found.length > 1 && largest.size === 1
        ? `up to width ${found[0].largestWidth}, whatever the batch`
        : `with ${listOf(notPassed, 'or')}`;
    return `On this machine ${gpu} does not pass the CPU ${where}.`;
  }
  const widths = new Set(passed.map(({ width }) => width));
  const sameEverywhere = widths.size === 1 && slower.length === 0;
  const passes = sameEverywhere
    ? `from width ${passed[0].width} on`
    : listOf(
        passed.map(({ batch, width }) => `from width ${width} on with batches of ${batch}`),
        'and',
      );
  const rest = slower.length === 0 ? '' : `; not with ${listOf(notPassed, 'or')}`;
  return `On this machine ${gpu} passes the CPU ${passes}${rest}.`;
}
