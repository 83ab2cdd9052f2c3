/** Work to measure, and the points of a sweep over widths and batches. */
import type { Problem } from '../training/backend';
import { SYNTHETIC_CLASSES, syntheticProblem } from './synthetic-problem';

export type Unit = 'ms per epoch' | 'ms per step';

/** Work that all contenders do, made only when it is measured: the largest ones take much memory. */
export interface Workload {
  readonly name: string;
  /** In words: shapes, optimizer, and what an epoch includes. */
  readonly title: string;
  readonly unit: Unit;
  /** Epochs whose losses are compared before any time counts. */
  readonly checkedEpochs: number;
  /** Floating-point operations of one epoch's matrix products, forward and backward. */
  readonly operations: number;
  problem(): Problem;
}

/** A point of the sweep. */
interface SweepWorkload extends Workload {
  readonly width: number;
  readonly batch: number;
}

/** The sizes of a sweep, ascending. */
export interface SweepSizes {
  readonly widths: readonly number[];
  readonly batches: readonly number[];
}
/** A point of the sweep: two hidden layers as wide as the input. */
export function sweepWorkload(width: number, batch: number): SweepWorkload {
  const widths = [width, width, width, SYNTHETIC_CLASSES];
  return {
    name: `sweep-${width}x${batch}`,
    title: `${width}→${width}→${width}→10, relu, SGD; one step on a synthetic batch of ${batch}`,
    unit: 'ms per step',
    checkedEpochs: 2,
    operations: operationsOf(widths, batch),
    width,
    batch,
    problem: () => syntheticProblem(widths, batch),
  };
}

/** The points of a sweep, widths ascending within each batch size. */
export function sweepWorkloads({ widths, batches }: SweepSizes): readonly SweepWorkload[] {
  return batches.flatMap((batch) => widths.map((width) => sweepWorkload(width, batch)));
}

/** Two for each multiply-add: forward and both gradients, without the first layer's delta. */
export function operationsOf(widths: readonly number[], samples: number): number {
  const products = widths.slice(1).map((outputs, layer) => outputs * widths[layer]);
  const all = products.reduce((sum, product) => sum + product, 0);
  return 2 * samples * (3 * all - products[0]);
}
