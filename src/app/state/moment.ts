/** Where a run stands, in words. */
import { count } from './format';

export interface Moment {
  /** Epochs done. */
  readonly epoch: number;
  /** Batches of the next one that are done, too. */
  readonly batch: number;
}

/** `before training`, `amid the first epoch`, `after 30 epochs`. */
export function momentWords({ epoch, batch }: Moment): string {
  if (epoch > 0) return `after ${count(epoch, 'epoch')}`;
  return batch > 0 ? 'amid the first epoch' : 'before training';
}

/** Whether it has learned anything yet. */
export function hasBegun({ epoch, batch }: Moment): boolean {
  return epoch > 0 || batch > 0;
}

/** Which of two moments of a run is the later one. */
export function isLater(a: Moment, b: Moment): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.batch > b.batch);
}
