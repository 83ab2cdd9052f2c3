/** What is measured: the times of each contender on a workload. */
import type { ContenderName } from './contender';
import type { GrowthPlace } from './growth-workloads';
import type { Unit } from './sweep-workloads';

/** Times of one contender on one workload, in the workload's unit; null where no time counts. */
export interface ContenderResult {
  readonly name: ContenderName;
  readonly median_ms: number | null;
  readonly min_ms: number | null;
  readonly max_ms: number | null;
  readonly rounds: number;
  /** `ok (…)`, or why there is no time: `failed: …`, `declined: …`, `unavailable: …`. */
  readonly check: string;
  /** The form it chose, where it chose one. For readers; the document has no place for it. */
  readonly note?: string;
}

export interface WorkloadResult {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly contenders: readonly ContenderResult[];
  /** A point of the sweep has these. */
  readonly width?: number;
  readonly batch?: number;
  /** A point of the growth has this. */
  readonly growth?: GrowthPlace;
}
