/** Where WebGPU passes the CPU: the sweep's points, and the sentence about them. */
import type { BenchResult, WorkloadResult } from './results';

/** A size that both were measured at. */
export interface SweepPoint {
  readonly width: number;
  readonly batch: number;
  readonly webgpu: number;
  readonly cpu: number;
}

/** The points at which both have a time. */
export function sweepPoints(workloads: readonly WorkloadResult[]): readonly SweepPoint[] {
  return workloads.flatMap(({ width, batch, contenders }) => {
    const time = (wanted: string) =>
      contenders.find(({ name }) => name === wanted)?.median_ms ?? null;
    const webgpu = time('webgpu');
    const cpu = time('cpu');
    if (width === undefined || batch === undefined || webgpu === null || cpu === null) return [];
    return [{ width, batch, webgpu, cpu }];
  });
}

/** A batch size and the least width from which WebGPU is the faster one at every width measured. */
export interface Crossover {
  readonly batch: number;
  /** Null where the CPU is the faster one at the largest width. */
  readonly width: number | null;
  readonly largestWidth: number;
}

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

/** The sweep in one sentence, or null where there was none. */
export function crossoverSentence({
  adapter,
  workloads,
}: Pick<BenchResult, 'adapter' | 'workloads'>): string | null {
  const found = crossovers(sweepPoints(workloads));
  if (found.length === 0) return null;
  const gpu = adapter?.isSoftware ? 'WebGPU on the software adapter, which is no GPU,' : 'the GPU';
  const passed = found.flatMap(({ batch, width }) => (width === null ? [] : [{ batch, width }]));
  const slower = found.filter(({ width }) => width === null);
  const notPassed = slower.map(
    ({ batch, largestWidth }) => `batches of ${batch} up to width ${largestWidth}`,
  );
  if (passed.length === 0) {
    const largest = new Set(found.map(({ largestWidth }) => largestWidth));
    const where =
      largest.size === 1
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

function listOf(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts[parts.length - 1]}`;
}
