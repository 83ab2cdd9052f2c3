/** What measuring gives: the times of each contender on a workload. */
import type { TimeSplit } from './time-split';
import type { Workload } from './workload';

/** Times of one contender on one workload, in the workload's unit; null where no time counts. */
export interface ContenderResult {
  /** The contender's. */
  readonly name: string;
  readonly median_ms: number | null;
  readonly min_ms: number | null;
  readonly max_ms: number | null;
  readonly rounds: number;
  /** `ok (…)`, or why there is no time: `failed: …`, `declined: …`, `unavailable: …`. */
  readonly check: string;
  /** Where the time goes, or why that is not known; only of those who have a device with a clock. */
  readonly split?: TimeSplit | { readonly obstacle: string };
  /** The form it chose, where it chose one. For readers; the document has no place for it. */
  readonly note?: string;
}

/** The workload's name, title, unit and place, with the times. */
export interface WorkloadResult extends Omit<Workload, 'problem' | 'checkedEpochs' | 'operations'> {
  readonly contenders: readonly ContenderResult[];
}

/** The median of a contender; null where it has none or took no part. */
export function medianOf(
  { contenders }: Pick<WorkloadResult, 'contenders'>,
  contender: string,
): number | null {
  return contenders.find(({ name }) => name === contender)?.median_ms ?? null;
}
