/** Early stopping as Keras has it: patience counts the epochs since the monitored metric last improved. */
import type { Configuration, Monitor } from './configuration/fields';
import { type EpochMetrics, JUDGED_METRICS } from './metrics';

const METRIC_OF = Object.fromEntries(
  JUDGED_METRICS.map((metric) => [metric.name, metric]),
) as Record<Monitor, (typeof JUDGED_METRICS)[number]>;

/** The monitored metric's value. */
export function monitored(monitor: Monitor, metrics: EpochMetrics): number {
  return metrics[METRIC_OF[monitor].key];
}

/** Counts the epochs since the monitored metric last became better. */
export class EarlyStopping {
  readonly #monitor: Monitor;
  readonly #patience: number;
  readonly #minDelta: number;
  /** +1 where larger is better, -1 where smaller is. */
  readonly #sign: 1 | -1;
  #best = Number.NEGATIVE_INFINITY;
  #bestEpoch = -1;

  constructor({ monitor, patience, minDelta }: Configuration) {
    this.#monitor = monitor;
    this.#patience = patience;
    this.#minDelta = minDelta;
    this.#sign = METRIC_OF[monitor].better === 'larger' ? 1 : -1;
  }

  /** The epoch of the best value so far, from 0; -1 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** Takes an epoch's metrics and says what they mean. */
  observe(epoch: number, metrics: EpochMetrics): 'improved' | 'waiting' | 'stop' {
    const value = this.#sign * monitored(this.#monitor, metrics);
    if (value > this.#best + this.#minDelta || this.#bestEpoch < 0) {
      this.#best = value;
      this.#bestEpoch = epoch;
      return 'improved';
    }
    return epoch - this.#bestEpoch >= this.#patience ? 'stop' : 'waiting';
  }
}
