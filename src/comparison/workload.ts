/** Work to measure: a problem that every contender trains. */
import { layersOf, multiplyAddsOf, type NetworkSpec } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { syntheticNetwork, syntheticProblem } from './synthetic-problem';

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
    ...stepWorkload(name, syntheticNetwork(widths), batch),
    title: `${widths.join('→')}, relu, SGD; one step on a synthetic batch of ${batch}`,
    problem: () => syntheticProblem(widths, batch),
  };
}

/** What workloads have in common whose epoch is one step. */
export function stepWorkload(
  name: string,
  spec: NetworkSpec,
  batch: number,
): Omit<Workload, 'title' | 'problem'> {
  return {
    name,
    unit: 'ms per step',
    checkedEpochs: 2,
    operations: operationsOf(spec, batch),
  };
}

/** Two for each multiply-add: forward and both gradients, without the first layer's delta. */
export function operationsOf(spec: NetworkSpec, samples: number): number {
  const products = layersOf(spec).map(multiplyAddsOf);
  const all = products.reduce((sum, product) => sum + product, 0);
  return 2 * samples * (3 * all - products[0]);
}
