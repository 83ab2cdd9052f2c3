/** The tables of a run, as the page and the command line lay them out: rows of text, each with its checks. */
import {
  type ContenderResult,
  medianOf,
  type WorkloadResult,
} from '../comparison/contender-result';
import type { TimeSplit } from '../comparison/time-split';

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

/** The columns of `splitRows`, in milliseconds but the last. */
export const SPLIT_COLUMNS = ['kernels', 'launch', 'readback', 'floor', 'floor to median'] as const;

/** A row for each contender whose device says where its time goes: its name, the parts, the floor. */
export function splitRows({ contenders }: WorkloadResult): readonly (readonly string[])[] {
  return contenders.flatMap(({ name, median_ms, split }) => {
    if (split === undefined || 'obstacle' in split || median_ms === null) return [];
    const { kernels_ms, launch_ms, readback_ms, floor_ms } = split;
    const times = [kernels_ms, launch_ms, readback_ms, floor_ms].map(formatMilliseconds);
    return [[name, ...times, formatPercent(floor_ms / median_ms)]];
  });
}

/** What the split's figures are, and whose; undefined where nobody was asked for them. */
export function splitSentence(
  { contenders }: WorkloadResult,
  isSoftware: boolean,
): string | undefined {
  let obstacle: string | undefined;
  for (const { split } of contenders) {
    if (split === undefined) continue;
    if (!('obstacle' in split)) return splitWords(split, isSoftware);
    obstacle ??= `Where WebGPU’s time goes is not known: ${split.obstacle}.`;
  }
  return obstacle;
}

function splitWords(split: TimeSplit, isSoftware: boolean): string {
  const { operations, bytes, operations_per_s, bytes_per_s } = split;
  const whose = isSoftware
    ? 'this software adapter: they are the CPU’s that emulates it, and no GPU’s'
    : 'this adapter';
  return [
    'Kernels and launch (as many empty dispatches) are by the device’s own clock, asked after the rounds; readback is what is left of the median: encoding, submitting and reading back, as far as the device waits for it.',
    `The floor is ${formatCount(operations)}FLOP at ${formatCount(operations_per_s)}FLOP/s or ${formatCount(bytes)}B at ${formatCount(bytes_per_s)}B/s, whichever takes longer; these rates are the most that two small kernels reach on ${whose}.`,
  ].join(' ');
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

/** `62 %`; below 10 with two digits. */
function formatPercent(share: number): string {
  const percent = 100 * share;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2)} %`;
}

/** Three digits and the prefix of a unit: `617 M`. */
function formatCount(value: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  const power = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)));
  return `${(value / 1000 ** power).toPrecision(3)} ${prefixes[power]}`;
}
