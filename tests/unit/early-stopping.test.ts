/** Early stopping by hand: which epoch is best, and in which one patience runs out. */
import { describe, expect, it } from 'vitest';
import type { EpochMetrics } from '../../src/training/backend';
import {
  type Configuration,
  DEFAULTS,
  MONITORS,
  type Monitor,
} from '../../src/training/configuration/fields';
import { EarlyStopping, monitored } from '../../src/training/early-stopping';

const METRIC = {
  loss: 'loss',
  accuracy: 'accuracy',
  val_loss: 'valLoss',
  val_accuracy: 'valAccuracy',
} as const satisfies Record<Monitor, keyof EpochMetrics>;

/** Metrics in which only the monitored one has the value; the others would decide otherwise. */
function metricsWith(monitor: Monitor, value: number): EpochMetrics {
  const others = { loss: 0.3, accuracy: 0.3, valLoss: 0.3, valAccuracy: 0.3 };
  return { ...others, [METRIC[monitor]]: value, learningRate: 1, finite: true };
}

function observeAll(values: readonly number[], configuration: Partial<Configuration>) {
  const merged = { ...DEFAULTS, patience: 2, ...configuration };
  const stopping = new EarlyStopping(merged);
  const verdicts = values.map((value, epoch) =>
    stopping.observe(epoch, metricsWith(merged.monitor, value)),
  );
  return { verdicts, best: stopping.bestEpoch };
}

describe.each(MONITORS)('early stopping on %s', (monitor) => {
  const sign = monitor.endsWith('accuracy') ? -1 : 1;
  const falling = (values: readonly number[]) => values.map((value) => sign * value);

  it('reads its own metric', () => {
    expect(monitored(monitor, metricsWith(monitor, 0.75))).toBe(0.75);
  });

  it('stops after `patience` epochs without improvement', () => {
    const { verdicts, best } = observeAll(falling([5, 4, 4, 3, 3.5, 3]), { monitor });
    expect(verdicts).toEqual(['improved', 'improved', 'waiting', 'improved', 'waiting', 'stop']);
    expect(best).toBe(3);
  });

  it('stops in the next epoch with patience 1', () => {
    const { verdicts } = observeAll(falling([5, 4, 6]), { monitor, patience: 1 });
    expect(verdicts).toEqual(['improved', 'improved', 'stop']);
  });

  it('takes no change of up to `minDelta` for an improvement', () => {
    const values = falling([5, 4.5, 4.25, 3.5, 3.5]);
    const { verdicts, best } = observeAll(values, { monitor, minDelta: 1, patience: 3 });
    // 4.5 and 4.25 are within 1 of 5; 3.5 is not.
    expect(verdicts).toEqual(['improved', 'waiting', 'waiting', 'improved', 'waiting']);
    expect(best).toBe(3);
  });
});

describe('early stopping', () => {
  it('has no best epoch before the first', () => {
    expect(new EarlyStopping({ ...DEFAULTS, patience: 1 }).bestEpoch).toBe(-1);
  });

  it('takes the first epoch whatever its value', () => {
    expect(observeAll([Number.POSITIVE_INFINITY, 1], {}).verdicts).toEqual([
      'improved',
      'improved',
    ]);
  });
});
