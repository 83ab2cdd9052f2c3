/** The workloads of a sweep: a training step at every width and batch size. */
import { SYNTHETIC_CLASSES } from './synthetic-problem';
import { syntheticWorkload, type Workload } from './workload';

/** A point of the sweep. */
type SweepWorkload = Workload & Required<Pick<Workload, 'width' | 'batch'>>;

/** The sizes of a sweep, ascending. */
export interface SweepSizes {
  readonly widths: readonly number[];
  readonly batches: readonly number[];
}

/** A point of the sweep: two hidden layers as wide as the input. */
export function sweepWorkload(width: number, batch: number): SweepWorkload {
  const widths = [width, width, width, SYNTHETIC_CLASSES];
  return { ...syntheticWorkload(`sweep-${width}x${batch}`, widths, batch), width, batch };
}

/** The points of a sweep, widths ascending within each batch size. */
export function sweepWorkloads({ widths, batches }: SweepSizes): readonly SweepWorkload[] {
  return batches.flatMap((batch) => widths.map((width) => sweepWorkload(width, batch)));
}
