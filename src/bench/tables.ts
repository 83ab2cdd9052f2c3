/** The tables of a run, as the page and the command line lay them out: rows of text, each with its checks. */
import {
  type ContenderResult,
  medianOf,
  type WorkloadResult,
} from '../comparison/contender-result';

interface TimesRow {
  readonly cells: readonly string[];
  /** Of whom the row has times. */
  readonly checks: readonly Pick<ContenderResult, 'name' | 'check'>[];
}

/** A row for each contender: its name, median, least, most, rounds, and how many times webgpu's. */
export function contenderRows(workload: WorkloadResult): readonly TimesRow[] {
  const ratios = ratiosToWebGpu(workload);
  return workload.contenders.map((contender, index) => {
    const { name, median_ms, min_ms, max_ms, rounds, check, note } = contender;
    const times = [median_ms, min_ms, max_ms].map(formatMilliseconds);
    return {
      cells: [name, ...times, `${rounds}`, formatRatio(ratios[index])],
      checks: [{ name, check: note === undefined ? check : `${check}; ${note}` }],
    };
  });
}

/** A row for each size of the sweep: its name, and the medians of webgpu and cpu. */
export function sweepRows(sweep: readonly WorkloadResult[]): readonly TimesRow[] {
  return sweep.map((workload) => {
    const medians = ['webgpu', 'cpu'].map((name) => medianOf(workload, name));
    return {
      cells: [workload.name, ...medians.map(formatMilliseconds)],
      checks: workload.contenders,
    };
  });
}

/** How many times as long as `webgpu` each contender takes; null where either has no time. */
export function ratiosToWebGpu(workload: WorkloadResult): readonly (number | null)[] {
  const webgpu = medianOf(workload, 'webgpu');
  return workload.contenders.map(({ median_ms }) =>
    median_ms === null || webgpu === null ? null : median_ms / webgpu,
  );
}

/** Milliseconds with three significant digits, without an exponent. */
export function formatMilliseconds(value: number | null): string {
  if (value === null) return '–';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4;
  return value.toFixed(digits);
}

/** `12.3×`. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? '–' : `${ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3)}×`;
}
