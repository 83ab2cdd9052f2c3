/** Random configurations over the whole schema, sized for tests. */

import fc from 'fast-check';
import { ACTIVATIONS, type Activation } from '../../../src/layers/activation';
import { LAYER_EXAMPLES } from '../../../src/layers/layer';
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
  /** A layer of any kind behind them, too. */
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
        layers: [layersText(values.hidden, [values.activation, ...others]), other]
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
