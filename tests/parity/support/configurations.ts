/** Random configurations over the whole schema, sized for tests. */

import fc from 'fast-check';
import { ACTIVATIONS, type Activation } from '../../../src/layers/activation';
import { LAYER_EXAMPLES, misfitOf, parseLayers } from '../../../src/layers/layer';
import { INITIALIZERS } from '../../../src/model/initializers';
import { checkConfiguration } from '../../../src/training/configuration/check';
import type { Configuration } from '../../../src/training/configuration/fields';
import { LEARNING_RATE_SCHEDULES, OPTIMIZERS } from '../../../src/training/hyperparameters';

/** 10^x for x in a range: as likely small as large. */
const logUniform = (from: number, to: number) =>
  fc.double({ min: from, max: to, noNaN: true }).map((exponent) => 10 ** exponent);

const sometimes = <T>(values: fc.Arbitrary<T>, otherwise: T) =>
  fc.oneof(fc.constant(otherwise), values);

/** The largest networks that are drawn. */
export interface Sizes {
  readonly classes: number;
  readonly hiddenLayers: number;
  readonly units: number;
  /** A layer of any kind before them, too: some fit on images only. */
  readonly kinds?: boolean;
}

/** Dense layers are drawn in any case. */
function ofAnotherKind(example: string): string {
  return example.startsWith('dense ') ? '' : example;
}

/** Hidden layers with the activations in turns. */
function layersText(hidden: readonly number[], activations: readonly Activation[]): string {
  return hidden
    .map((units, i) => `dense ${units} ${activations[i % activations.length]}`)
    .join('; ');
}

export function configurations(most: Sizes): fc.Arbitrary<Configuration> {
  return fc
    .record({
      classes: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), {
        minLength: 2,
        maxLength: most.classes,
      }),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
      testSize: fc.double({ min: 0.15, max: 0.6, noNaN: true }),
      hidden: fc.array(fc.integer({ min: 1, max: most.units }), { maxLength: most.hiddenLayers }),
      activation: fc.constantFrom(...ACTIVATIONS),
      init: fc.constantFrom(...INITIALIZERS),
      initScale: logUniform(-2, 0),
      optimizer: fc.constantFrom(...OPTIMIZERS),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      momentum: sometimes(fc.double({ min: 0.1, max: 0.95, noNaN: true }), 0),
      nesterov: fc.boolean(),
      batchSize: sometimes(fc.integer({ min: 1, max: 64 }), 0),
      schedule: fc.constantFrom(...LEARNING_RATE_SCHEDULES),
      decayRate: fc.double({ min: 0.5, max: 1, noNaN: true }),
      decaySteps: fc.integer({ min: 1, max: 8 }),
      leastShare: fc.double({ min: 0, max: 1, noNaN: true }),
      warmupEpochs: sometimes(fc.integer({ min: 1, max: 10 }), 0),
      weightDecay: sometimes(logUniform(-4, -1), 0),
      norms: fc.boolean(),
      dropout: sometimes(fc.double({ min: 0.05, max: 0.8, noNaN: true }), 0),
      others: sometimes(fc.array(fc.constantFrom(...ACTIVATIONS), { minLength: 1 }), []),
      // Drawn last, so that what comes before does not depend on how many kinds there are.
      other: fc.constantFrom(...(most.kinds ? LAYER_EXAMPLES : ['']).map(ofAnotherKind)),
    })
    .map(({ rate, leastShare, others, other, ...values }) => {
      const isSgd = values.optimizer === 'sgd';
      // Between a hundredth of a common learning rate and a large one.
      const learningRate = 10 ** (isSgd ? -2.5 + 2.5 * rate : -4 + 2.5 * rate);
      const momentum = isSgd ? values.momentum : 0;
      return checkConfiguration({
        ...values,
        splitSeed: values.seed,
        layers: [other, layersText(values.hidden, [values.activation, ...others])]
          .filter((part) => part !== '')
          .join('; '),
        learningRate,
        momentum,
        nesterov: values.nesterov && momentum > 0,
        minLearningRate: leastShare * learningRate,
        epochs: 20,
      });
    });
}

/** Networks of convolutions, poolings and dense layers on the digits' 8×8, with settings as `configurations` draws them. */
export function convolutions(): fc.Arbitrary<Configuration> {
  const activation = fc.constantFrom(...ACTIVATIONS);
  const conv = fc
    .record({
      filters: fc.integer({ min: 1, max: 6 }),
      rows: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 4 }),
      same: fc.boolean(),
      stride: fc.integer({ min: 1, max: 2 }),
      activation,
    })
    .map(({ filters, rows, columns, same, stride, activation }) => {
      // Padding keeps the size of odd filters only.
      const odd = (size: number) => (same ? size - 1 + (size % 2) : size);
      const kernel = `${odd(rows)}x${odd(columns)}${same ? ' same' : ''}`;
      return `conv ${filters} ${kernel}${stride > 1 ? ` stride ${stride}` : ''} ${activation}`;
    });
  const pool = fc.integer({ min: 1, max: 3 }).map((size) => `max_pool ${size}`);
  const dense = fc
    .record({ units: fc.integer({ min: 1, max: 12 }), activation })
    .map(({ units, activation }) => `dense ${units} ${activation}`);
  const stack = fc
    .tuple(
      fc.array(fc.oneof({ weight: 2, arbitrary: conv }, { weight: 1, arbitrary: pool }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(dense, { maxLength: 2 }),
    )
    .map((parts) => parts.flat().join('; '))
    .filter((text) => misfitOf([1, 8, 8], parseLayers(text) ?? []) === undefined);
  return fc
    .tuple(configurations({ classes: 4, hiddenLayers: 0, units: 1 }), stack)
    .map(([configuration, layers]) => {
      // Some twenty steps: a software adapter takes long over each.
      const epochs = 5;
      const batchSize = configuration.batchSize === 0 ? 0 : Math.max(24, configuration.batchSize);
      const warmupEpochs = Math.min(epochs, configuration.warmupEpochs);
      return checkConfiguration({ ...configuration, layers, epochs, batchSize, warmupEpochs });
    });
}
