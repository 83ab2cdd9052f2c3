/** Small problems for tests: a network on random data, where the digits would be too many. */
import { scaledFeatures } from '../../src/data/samples';
import { fitScaler, type Scaling } from '../../src/data/scaler';
import type { Activation } from '../../src/layers/activation';
import { type Shape, sizeOf } from '../../src/layers/kind';
import { parseLayers } from '../../src/layers/layer';
import { drawParameters, type Initializer } from '../../src/model/initializers';
import { classifier, inputsOf, type NetworkSpec, outputsOf } from '../../src/model/network-spec';
import { RandomState } from '../../src/numpy/random-state';
import type { Problem, Samples } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { withCourse } from '../../src/training/course';

export interface SmallProblem {
  readonly features: number;
  /** Of a sample, where it is an image and no row of features. */
  readonly input?: Shape;
  readonly hidden: readonly number[];
  /** As text, in place of the hidden dense layers. */
  readonly layers?: string;
  readonly classes: number;
  /** Of all hidden layers, or of one after the other, in turns. */
  readonly activation: Activation | readonly Activation[];
  readonly init: Initializer;
  readonly trainCount: number;
  readonly testCount: number;
}

export const SMALL: SmallProblem = {
  features: 5,
  hidden: [4, 3],
  classes: 2,
  activation: 'tanh',
  init: 'glorot_normal',
  trainCount: 14,
  testCount: 6,
};

/**
 * Samples around a centre for each class, so that there is something to learn. Classes take turns.
 */
function randomSamples(
  random: RandomState,
  spec: NetworkSpec,
  count: number,
  centres: Float64Array,
): Samples {
  const width = inputsOf(spec);
  const classes = spec.loss === 'binary_cross_entropy' ? 2 : outputsOf(spec);
  const labels = Uint8Array.from({ length: count }, (_, row) => row % classes);
  const values = Float64Array.from({ length: count * width }, (_, i) => {
    const centre = centres[labels[Math.floor(i / width)] * width + (i % width)];
    return centre + random.randn();
  });
  return { values, scaler: null, labels, count };
}

/** A problem of random samples; the same seed gives the same problem. Biases are random, too. */
export function smallProblem(
  values: Partial<Configuration> = {},
  shape: Partial<SmallProblem> = {},
  seed = 1,
): Problem {
  const {
    features: width,
    input = [width],
    hidden,
    layers: text,
    classes,
    activation,
    init,
    trainCount,
    testCount,
  } = {
    ...SMALL,
    ...shape,
  };
  const activations = [activation].flat();
  const written = hidden.map((units, i) => `dense ${units} ${activations[i % activations.length]}`);
  const layers = parseLayers(text ?? written.join(';'), values.dropout);
  if (layers === undefined) throw new RangeError(`no layers: ${text}`);
  const spec = classifier(input, layers, classes);
  const features = sizeOf(input);
  const random = new RandomState(seed);
  const drawn = drawParameters(spec, init, 0.5, random);
  const parameters = drawn.map((value) => (value === 0 ? 0.1 * random.randn() : value));
  const centres = Float64Array.from({ length: classes * features }, () => random.randn());
  const hyperparameters = checkConfiguration(values);
  const train = randomSamples(random, spec, trainCount, centres);
  const test = randomSamples(random, spec, testCount, centres);
  return withCourse({ spec, hyperparameters, parameters, train, test }, hyperparameters);
}

/** All parameters 0, so that every class is as likely: predictions are ties. */
export function undecidedProblem(classes: number): Problem {
  const problem = smallProblem({}, { classes, hidden: [], trainCount: 17, testCount: 7 });
  return { ...problem, parameters: problem.parameters.map(() => 0) };
}

/** What an undecided network gets right by saying the first class. */
export function shareOfClass0({ labels, count }: Samples): number {
  return labels.filter((label) => label === 0).length / count;
}

/**
 * A full batch whose gradient is the difference of two large sums: features are odd integers from
 * `least` on, deltas exactly ±1/2, as the parameters are 0. What is left of it is lost where a long
 * sum is rounded on the way.
 */
export function cancellingProblem(count: number, least: number): Problem {
  const problem = smallProblem({ learningRate: 1 }, { hidden: [], trainCount: count });
  const length = count * inputsOf(problem.spec);
  const values = Float64Array.from({ length }, (_, i) => least + 2 * ((i * 7919) % 1009));
  const labels = Uint8Array.from({ length: count }, (_, row) => Number(row >= count / 2));
  const parameters = problem.parameters.map(() => 0);
  return { ...problem, parameters, train: { values, scaler: null, labels, count } };
}

/** Every training sample is of class 0, and the network is surer of it than a loss can tell. */
export function certainProblem(): Problem {
  const problem = smallProblem({ learningRate: 1e-9 }, { hidden: [] });
  const parameters = problem.parameters.map((_, i, { length }) => (i === length - 1 ? -40 : 0));
  const labels = problem.train.labels.map(() => 0);
  return { ...problem, parameters, train: { ...problem.train, labels } };
}

/**
 * A problem whose samples are bytes, scaled where they are read, and the same one with features that were
 * scaled before: every backend must see the same numbers.
 *
 * @param scaling - `unit` scales all columns alike, `standard` each by itself
 */
export function byteProblems(
  scaling: Scaling,
  values: Partial<Configuration>,
  { features, trainCount, testCount }: Pick<SmallProblem, 'features' | 'trainCount' | 'testCount'>,
): { readonly bytes: Problem; readonly floats: Problem } {
  const problem = smallProblem(values, { features, classes: 3, trainCount, testCount });
  const random = new RandomState(7);
  const raw = (count: number) =>
    Uint8Array.from({ length: count * features }, () => random.boundedInteger(255));
  const scaler = fitScaler(scaling, raw(40), features, 255);
  const inBytes = (samples: Samples): Samples => ({
    ...samples,
    values: raw(samples.count),
    scaler,
  });
  const bytes = { ...problem, train: inBytes(problem.train), test: inBytes(problem.test) };
  const inFloats = (samples: Samples): Samples => ({
    ...samples,
    values: scaledFeatures(samples),
    scaler: null,
  });
  return { bytes, floats: { ...bytes, train: inFloats(bytes.train), test: inFloats(bytes.test) } };
}
