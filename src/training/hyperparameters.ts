/** The settings of training itself, apart from the network and the data. */

export const OPTIMIZERS = ['sgd', 'rmsprop', 'adam', 'adamw'] as const;
type OptimizerName = (typeof OPTIMIZERS)[number];

export const LEARNING_RATE_SCHEDULES = [
  'constant',
  'step',
  'exponential',
  'inverse_time',
  'cosine',
] as const;
export type LearningRateSchedule = (typeof LEARNING_RATE_SCHEDULES)[number];

export interface Hyperparameters {
  /** Seed of the mini-batch shuffles, of dropout and of augmentation. */
  readonly seed: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Samples a batch; 0, or anything from the training set's size on, is full batch and does not shuffle. */
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  /** Of SGD only. */
  readonly momentum: number;
  readonly nesterov: boolean;
  /** On weights, not biases: L2 (added to the gradient), decoupled with AdamW. */
  readonly weightDecay: number;
  readonly schedule: LearningRateSchedule;
  readonly decayRate: number;
  readonly decaySteps: number;
  readonly minLearningRate: number;
  /** Epochs of linear warm-up before the schedule's value is reached; 0 for none. */
  readonly warmupEpochs: number;
  /** The first so many layers are kept as they are, those without parameters among them. */
  readonly freeze: number;
  /** Gradient and parameter norm of each epoch, or not: of the gradients of what is trained, and of all parameters. */
  readonly norms: boolean;
}

/** Constants of RMSprop, PyTorch's defaults. */
export const RMSPROP = { alpha: 0.99, epsilon: 1e-8 } as const;

/** Constants of Adam and AdamW, PyTorch's defaults. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** How many flat arrays an optimizer keeps beside the parameters that are trained. */
export function momentsOf({ optimizer, momentum }: Hyperparameters): 0 | 1 | 2 {
  switch (optimizer) {
    case 'sgd':
      return momentum === 0 ? 0 : 1;
    case 'rmsprop':
      return 1;
    case 'adam':
    case 'adamw':
      return 2;
    default:
      return optimizer satisfies never;
  }
}
