/** The metrics of an epoch, one row each: what is written, drawn, pinned, monitored and read back follows from it. */

/** What a backend knows when an epoch ends. */
export interface MeasuredEpoch {
  readonly train: MeasuredSet;
  readonly test: MeasuredSet;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** L2 norms of the epoch's last gradient and of all parameters after it, where they were asked for. */
  readonly norms: { readonly gradient: number; readonly parameters: number } | null;
  /** False where something on the way was infinite or not a number. */
  readonly finite: boolean;
}

/**
 * Of the training set each sample is measured as its step saw it: with the parameters before the update,
 * with dropout, and as augmentation has made it in this epoch. Test samples are as they are, and nothing is dropped.
 */
interface MeasuredSet {
  /** Mean over the samples. */
  readonly loss: number;
  /** Samples whose class was predicted. */
  readonly correct: number;
  readonly count: number;
}

interface Metric {
  /** The field of `EpochMetrics`. */
  readonly key: string;
  /** As it leaves the program: Keras's name. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Of two values, the better one; null where neither is. Those that have a better one can be monitored and drawn. */
  readonly better: 'smaller' | 'larger' | null;
  /** Whether every epoch has it, or only where `hyperparameters.norms` asks for it. */
  readonly known: 'always' | 'norms';
  /** The value, where it is known. */
  readonly from: (epoch: MeasuredEpoch) => number | undefined;
}

export const METRICS = [
  {
    key: 'loss',
    name: 'loss',
    title: 'Train loss',
    unit: 'mean cross-entropy in nats',
    better: 'smaller',
    known: 'always',
    from: ({ train }) => train.loss,
  },
  {
    key: 'accuracy',
    name: 'accuracy',
    title: 'Train accuracy',
    unit: 'share of samples',
    better: 'larger',
    known: 'always',
    from: ({ train }) => train.correct / train.count,
  },
  {
    key: 'valLoss',
    name: 'val_loss',
    title: 'Test loss',
    unit: 'mean cross-entropy in nats',
    better: 'smaller',
    known: 'always',
    from: ({ test }) => test.loss,
  },
  {
    key: 'valAccuracy',
    name: 'val_accuracy',
    title: 'Test accuracy',
    unit: 'share of samples',
    better: 'larger',
    known: 'always',
    from: ({ test }) => test.correct / test.count,
  },
  {
    key: 'learningRate',
    name: 'learning_rate',
    title: 'Learning rate',
    unit: 'per step',
    better: null,
    known: 'always',
    from: ({ learningRate }) => learningRate,
  },
  {
    key: 'gradientNorm',
    name: 'gradient_norm',
    title: 'Norm of the gradient',
    unit: 'L2',
    better: null,
    known: 'norms',
    from: ({ norms }) => norms?.gradient,
  },
  {
    key: 'parameterNorm',
    name: 'parameter_norm',
    title: 'Norm of the parameters',
    unit: 'L2',
    better: null,
    known: 'norms',
    from: ({ norms }) => norms?.parameters,
  },
] as const satisfies readonly Metric[];

type Row = (typeof METRICS)[number];
type JudgedRow = Extract<Row, { better: string }>;
type SteadyRow = Extract<Row, { known: 'always' }>;

export type MetricKey = Row['key'];
export type MetricName = Row['name'];
export type SteadyName = SteadyRow['name'];
export type JudgedKey = JudgedRow['key'];
export type JudgedName = JudgedRow['name'];

/** What an epoch gave: a number a row of `METRICS`; the norms only where `hyperparameters.norms` asks for them. */
export type EpochMetrics = Readonly<
  Record<SteadyRow['key'], number> &
    Partial<Record<Exclude<Row, SteadyRow>['key'], number>> & {
      /** False when a loss, a gradient or a parameter of this epoch was infinite or not a number. */
      finite: boolean;
    }
>;

/** The metrics of which one value is better than another. */
export const JUDGED_METRICS: readonly JudgedRow[] = METRICS.filter(
  (row): row is JudgedRow => row.better !== null,
);

/** The metrics of an epoch; shares are formed here, in float64, as NumPy has them. */
export function metricsOf(epoch: MeasuredEpoch): EpochMetrics {
  const values: Partial<Record<MetricKey, number>> & { finite: boolean } = {
    finite: epoch.finite && Number.isFinite(epoch.train.loss) && Number.isFinite(epoch.test.loss),
  };
  for (const { key, from } of METRICS) {
    const value = from(epoch);
    if (value !== undefined) values[key] = value;
  }
  return values as EpochMetrics;
}
