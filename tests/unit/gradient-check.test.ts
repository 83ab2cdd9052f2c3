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
import { type PoolShape, poolShape } from '../../src/layers/max-pool2d/layer';
import { referenceOf } from '../../src/layers/reference';
import { layersOf } from '../../src/model/network-spec';
import { parameterLayout, viewsOf } from '../../src/model/parameter-layout';
import { createReferenceBackend } from '../../src/reference/backend';
import { type DropoutMask, forward } from '../../src/reference/network';
import type { Problem } from '../../src/training/backend';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';
import { stacksOf } from '../support/layer-stacks';
import { relativeDistance } from '../support/numbers';
import { type SmallProblem, smallProblem } from '../support/problems';

/** Step of the differences: its square, and float64's precision divided by it, are both far below the bound. */
const STEP = 1e-5;
/** Nothing comes closer to a kink of relu, leaky_relu or max_pool: no step may lead across it. */
const KINK_MARGIN = 1e-3;
const WIDTHS = [6, 5, 7, 4];
/** Samples of the layer kinds' examples: a convolution fits on them, and on what it gives. */
const IMAGE = [2, 5, 4] as const;

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

/** How near the hidden layers come to a kink: the least |z| of ReLUs, the least lead of a window's largest value. */
function leastMargin({ spec, parameters, train }: Problem, mask?: DropoutMask): number {
  const features = scaledFeatures(train);
  const activations = forward(spec, parameters, features, train.count, mask);
  const margins = layersOf(spec).flatMap((place) => {
    const { index, layer } = place;
    const input = index === 1 ? features : activations[index - 2];
    if (layer.kind === 'max_pool') return leadsOf(poolShape(layer, place.input), input);
    if (!layer.activation.endsWith('relu')) return [];
    const pass = { place, parameters: viewsOf(place, parameters), input, count: train.count };
    return Array.from(referenceOf(layer).forward(pass), Math.abs);
  });
  return Math.min(...margins);
}

/** By how much the largest value of each window leads; equal zeros that dropout left do not move. */
function leadsOf(pool: PoolShape, input: Float64Array): number[] {
  const { height, width, size, outHeight, outWidth } = pool;
  const images = input.length / (height * width);
  return Array.from({ length: images * outHeight * outWidth }, (_, i) => {
    const [image, place] = [Math.floor(i / (outHeight * outWidth)), i % (outHeight * outWidth)];
    const first = image * height * width;
    const [y, x] = [Math.floor(place / outWidth) * size, (place % outWidth) * size];
    const values = Array.from({ length: size * size }, (_, at) => {
      return input[first + (y + Math.floor(at / size)) * width + x + (at % size)];
    }).sort((a, b) => b - a);
    const isIdle = values[0] === 0 && values[1] === 0;
    return size === 1 || isIdle ? Number.POSITIVE_INFINITY : values[0] - values[1];
  });
}

/** A problem with gradients to speak of in every slice, and for relu away from the kink. */
async function suitableProblem(make: (seed: number) => Problem) {
  for (let seed = 1; seed < 500; seed++) {
    const problem = make(seed);
    if (leastMargin(problem, maskOf(problem)) < KINK_MARGIN) continue;
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
  it.each(stacksOf(example, IMAGE))('%s', (layers) => checkGradients({ layers, input: IMAGE }));
});

describe('gradient check: convolutions', () => {
  it.each([
    ['3 channels of other height and width', [3, 5, 7], 'conv 2 3x3 tanh'],
    ['a stride that leaves a rest', [2, 6, 5], 'conv 3 2x3 stride 2 tanh'],
    ['padding and stride', [1, 5, 6], 'conv 3 3x5 same stride 3 sigmoid'],
    ['a filter of the whole image', [2, 3, 4], 'conv 4 3x4 tanh'],
    ['filters of one value', [3, 3, 2], 'conv 2 1x1 tanh'],
    ['ReLU between two of them', [1, 6, 6], 'conv 2 3x3 leaky_relu; conv 3 3x3 same relu'],
    ['a pooling that drops a rest', [1, 8, 7], 'conv 2 2x2 tanh; max_pool 3; dense 3 tanh'],
    ['pooling of the image, then twice', [2, 9, 9], 'max_pool 2; conv 2 1x1 tanh; max_pool 3'],
    ['pooling last', [1, 5, 5], 'conv 3 2x2 sigmoid; max_pool 2'],
  ] as const)('%s', (_, input, layers) => checkGradients({ layers, input }));
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
