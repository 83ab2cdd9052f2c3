/**
 * The update rules against three steps of one parameter, worked out in decimal arithmetic from
 * PyTorch's formulas: p = 1, learning rate 0.1, gradients 0.5, -0.25 and 0.125.
 */

import { describe, expect, it } from 'vitest';
import { networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { update } from '../../src/reference/optimizers';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { momentsOf } from '../../src/training/hyperparameters';
import { StepSequence } from '../../src/training/steps';
import { largestDifference } from '../support/numbers';

const GRADIENTS = [0.5, -0.25, 0.125];
/** One weight and one bias. */
const SPEC = networkFor(1, [], 2, 'sigmoid');

/** Weight and bias after each step; both see the same gradients. */
function train(values: Partial<Configuration>) {
  const hyperparameters = checkConfiguration({ learningRate: 0.1, ...values });
  const steps = new StepSequence(hyperparameters, 1);
  const parameters = Float64Array.of(1, 1);
  const moments = Array.from({ length: momentsOf(hyperparameters) }, () => new Float64Array(2));
  const path = GRADIENTS.map((g, epoch) => {
    const gradients = Float64Array.of(g, g);
    const layout = parameterLayout(SPEC);
    update(hyperparameters, steps.at(epoch, 0), layout, parameters, gradients, moments);
    return [...parameters];
  });
  return { weight: path.map(([weight]) => weight), bias: path.map(([, bias]) => bias), moments };
}

const PLAIN = [
  ['sgd', {}, [0.95, 0.975, 0.9625]],
  ['momentum', { momentum: 0.9 }, [0.95, 0.93, 0.8995]],
  ['Nesterov', { momentum: 0.9, nesterov: true }, [0.905, 0.912, 0.87205]],
  [
    'RMSprop',
    { optimizer: 'rmsprop' },
    [1.99999960000008e-7, 0.44901337442175043, 0.22890921760206803],
  ],
  ['Adam', { optimizer: 'adam' }, [0.900000002, 0.87336629870784621, 0.83932338491665393]],
  ['AdamW', { optimizer: 'adamw' }, [0.900000002, 0.87336629870784621, 0.83932338491665393]],
] as const satisfies readonly (readonly [string, Partial<Configuration>, readonly number[]])[];

/** The same with weight decay 0.2. */
const DECAYED: Readonly<Record<(typeof PLAIN)[number][0], readonly number[]>> = {
  sgd: [0.93, 0.9364, 0.905172],
  momentum: [0.93, 0.8734, 0.792492],
  Nesterov: [0.867, 0.824854, 0.724934148],
  RMSprop: [1.4285712244898251e-7, 0.33783790083790799, 0.084811118402695659],
  Adam: [0.90000000142857139, 0.84073515116221331, 0.77386158918921077],
  AdamW: [0.880000002, 0.83576629866784613, 0.78500805890329706],
};

describe.each(PLAIN)('%s', (name, values, expected) => {
  it('takes PyTorch’s steps', () => {
    const { weight, bias } = train(values);
    expect(largestDifference(weight, expected)).toBeLessThan(1e-14);
    expect(bias).toEqual(weight);
  });

  it('decays weights and leaves biases alone', () => {
    const { weight, bias } = train({ ...values, weightDecay: 0.2 });
    expect(largestDifference(weight, DECAYED[name])).toBeLessThan(1e-14);
    expect(bias).toEqual(train(values).bias);
  });
});

describe('moments', () => {
  it('of momentum start as the gradient itself', () => {
    const { moments } = train({ momentum: 0.9 });
    // 0.5, then 0.9 · 0.5 - 0.25 = 0.2, then 0.9 · 0.2 + 0.125 = 0.305.
    expect(largestDifference(moments[0], [0.305, 0.305])).toBeLessThan(1e-15);
  });

  it('of AdamW do not see the weight decay', () => {
    const [decayed, plain] = [0.2, 0].map((weightDecay) =>
      train({ optimizer: 'adamw', weightDecay }),
    );
    expect(decayed.moments).toEqual(plain.moments);
    expect(decayed.weight).not.toEqual(plain.weight);
  });

  it('of Adam do see it, in weights', () => {
    const [decayed, plain] = [0.2, 0].map((weightDecay) =>
      train({ optimizer: 'adam', weightDecay }),
    );
    expect(decayed.moments[0][0]).not.toBe(plain.moments[0][0]);
    expect(decayed.moments[0][1]).toBe(plain.moments[0][1]);
  });
});

describe('every optimizer', () => {
  it.each(PLAIN)('%s follows the learning rate of its epoch', (_, values) => {
    const halved = { ...values, schedule: 'step', decayRate: 0.5, decaySteps: 1 } as const;
    const constant = train(values).weight;
    const decayed = train(halved).weight;
    expect(decayed[0]).toBe(constant[0]);
    // The update of epoch 1 is half as long, whatever the rule.
    const share = (decayed[1] - decayed[0]) / (constant[1] - constant[0]);
    expect(share).toBeCloseTo(0.5, 12);
  });
});
