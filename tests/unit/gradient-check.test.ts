/**
 * The reference's gradients against central differences in float64: every activation alone and all
 * mixed, every layer kind, both outputs, no hidden layer to four, with and without L2 and dropout. The
 * gradient is what one step of plain gradient descent at learning rate 1 takes off the parameters, so
 * the whole step is checked.
 */

import { describe, expect, it } from 'vitest';
import { scaledFeatures } from '../../src/data/samples';
import { meanLoss } from '../../src/evaluation/predictions';
import { ACTIVATIONS } from '../../src/layers/activation';
import { LAYER_EXAMPLES } from '../../src/layers/layer';
import { referenceOf } from '../../src/layers/reference';
import { layersOf } from '../../src/model/network-spec';
import { parameterLayout, viewsOf } from '../../src/model/parameter-layout';
import { createReferenceBackend } from '../../src/reference/backend';
import { type DropoutMask, forward } from '../../src/reference/network';
import type { Problem } from '../../src/training/backend';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';
import { relativeDistance } from '../support/numbers';
import { type SmallProblem, smallProblem } from '../support/problems';

/** Step of the differences: its square, and float64's precision divided by it, are both far below the bound. */
const STEP = 1e-5;
/** No weighted sum of relu and leaky_relu comes closer to the kink: no step may lead across it. */
const KINK_MARGIN = 1e-3;
const WIDTHS = [6, 5, 7, 4];

/** Each next to another: no layer can answer with its neighbour's derivative. */
const MIXED = ['tanh', 'leaky_relu', 'sigmoid', 'relu'] as const;

/** The mask of the first training step. */
function maskOf({ hyperparameters }: Problem): DropoutMask {
  const { seed } = hyperparameters;
  return (rate, layer, row, unit) =>
    dropoutScale(dropoutThreshold(rate), seed, 0, layer, row, unit);
}

/** Mean loss plus L2's share: ½ λ Σ w², biases left out. */
function objective(problem: Problem, parameters: Float64Array): number {
  const { spec, hyperparameters, train } = problem;
  const activations = forward(
    spec,
    parameters,
    scaledFeatures(train),
    train.count,
    maskOf(problem),
  );
  const outputs = activations[activations.length - 1];
  const squares = parameterLayout(spec)
    .slices.filter(({ kind }) => kind === 'weights')
    .flatMap(({ offset, length }) => Array.from(parameters.subarray(offset, offset + length)))
    .reduce((sum, weight) => sum + weight ** 2, 0);
  return meanLoss(outputs, train.labels, train.count) + (hyperparameters.weightDecay / 2) * squares;
}

function differences(problem: Problem): Float64Array {
  return problem.parameters.map((value, i) => {
    const at = (shifted: number) => objective(problem, problem.parameters.with(i, shifted));
    return (at(value + STEP) - at(value - STEP)) / (2 * STEP);
  });
}

async function gradientOf(problem: Problem): Promise<Float64Array> {
  const backend = await createReferenceBackend(problem);
  await backend.trainBatches(1);
  const after = await backend.parameters();
  return problem.parameters.map((before, i) => before - after[i]);
}

/** The least |z| of all hidden units and samples. */
function leastWeightedSum({ spec, parameters, train }: Problem, mask?: DropoutMask): number {
  const activations = forward(spec, parameters, scaledFeatures(train), train.count, mask);
  const sums = layersOf(spec)
    .filter(({ isOutput }) => !isOutput)
    .flatMap((place) => {
      const { index, layer } = place;
      const input = index === 1 ? scaledFeatures(train) : activations[index - 2];
      const pass = { place, parameters: viewsOf(place, parameters), input, count: train.count };
      return Array.from(referenceOf(layer).forward(pass), Math.abs);
    });
  return Math.min(...sums);
}

/** A problem with gradients to speak of in every slice, and for relu away from the kink. */
async function suitableProblem(make: (seed: number) => Problem) {
  for (let seed = 1; seed < 500; seed++) {
    const problem = make(seed);
    const hasKink = problem.spec.layers.some(({ activation }) => activation.endsWith('relu'));
    if (hasKink && leastWeightedSum(problem, maskOf(problem)) < KINK_MARGIN) continue;
    const gradient = await gradientOf(problem);
    const lengths = parameterLayout(problem.spec).slices.map(({ offset, length }) =>
      Math.hypot(...gradient.subarray(offset, offset + length)),
    );
    if (Math.min(...lengths) > 1e-3) return { problem, gradient };
  }
  throw new Error('no suitable problem found');
}

const REGULARIZATION = [
  { weightDecay: 0, dropout: 0 },
  { weightDecay: 0.1, dropout: 0 },
  { weightDecay: 0, dropout: 0.3 },
  { weightDecay: 0.1, dropout: 0.3 },
];

describe.each([...ACTIVATIONS, 'mixed'] as const)('gradient check: %s', (name) => {
  const activation = name === 'mixed' ? MIXED : name;
  describe.each([2, 3])('%i classes', (classes) => {
    it.each([0, 1, 2, 3, 4])('%i hidden layers', (depth) =>
      checkGradients({ hidden: WIDTHS.slice(0, depth), activation, classes }),
    );
  });
});

describe.each(LAYER_EXAMPLES)('gradient check: %s', (example) => {
  it.each([
    ['first', [example, 'dense 4 tanh']],
    ['between two layers', ['dense 4 tanh', example, 'dense 3 sigmoid']],
    ['twice, and last', ['dense 4 sigmoid', example, example]],
  ])('%s', (_, layers) => checkGradients({ layers: layers.join('; ') }));
});

/** Every slice with and without L2 and dropout. */
async function checkGradients(shape: Partial<SmallProblem>): Promise<void> {
  for (const regularization of REGULARIZATION) {
    const { problem, gradient } = await suitableProblem((seed) =>
      smallProblem(
        { learningRate: 1, ...regularization },
        { init: 'he_normal', trainCount: 7, ...shape },
        seed,
      ),
    );
    const expected = differences(problem);
    for (const { name, offset, length } of parameterLayout(problem.spec).slices) {
      const distance = relativeDistance(
        gradient.subarray(offset, offset + length),
        expected.subarray(offset, offset + length),
      );
      expect(distance, `${name} with ${JSON.stringify(regularization)}`).toBeLessThan(1e-6);
    }
  }
}

describe('gradient check: itself', () => {
  it('finds a gradient that is wrong in one place', async () => {
    const problem = smallProblem({ learningRate: 1 });
    const gradient = await gradientOf(problem);
    const expected = differences(problem);
    expect(relativeDistance(gradient, expected)).toBeLessThan(1e-6);
    gradient[3] *= 1.001;
    expect(relativeDistance(gradient, expected)).toBeGreaterThan(1e-6);
  });
});
