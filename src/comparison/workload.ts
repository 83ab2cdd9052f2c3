/** Work to measure: a problem that every contender trains. */
import type { Problem } from '../training/backend';
import { syntheticProblem } from './synthetic-problem';

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
  /** A point of the sweep has these. */
  readonly width?: number;
  readonly batch?: number;
  problem(): Problem;
}

/** One step of SGD on one synthetic batch, so that an epoch is a step. */
export function syntheticWorkload(
  name: string,
  widths: readonly number[],
  batch: number,
): Workload {
  return {
    name,
    title: `${widths.join('→')}, relu, SGD; one step on a synthetic batch of ${batch}`,
    unit: 'ms per step',
    checkedEpochs: 2,
    operations: operationsOf(widths, batch),
    problem: () => syntheticProblem(widths, batch),
  };
}

/** Two for each multiply-add: forward and both gradients, without the first layer's delta. */
export function operationsOf(widths: readonly number[], samples: number): number {
  const products = widths.slice(1).map((outputs, layer) => outputs * widths[layer]);
  const all = products.reduce((sum, product) => sum + product, 0);
  return 2 * samples * (3 * all - products[0]);
}
