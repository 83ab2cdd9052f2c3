/**
 * The buffers that every schedule needs: data, parameters and the optimizer's arrays, metrics, tables and
 * staging. A schedule adds what it keeps between its own kernels.
 */

import { wordsOfBytes } from '../../../shaders/parts/byte-rows';
import { RECORD_WORDS, RUNNING_WORDS } from '../../../shaders/parts/loss-reduction';
import { BYTE_VALUES } from '../../data/samples';
import { inputsOf, outputsOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import { trainedPart } from '../../model/trained-part';
import { momentsOf } from '../../training/hyperparameters';
import { StepSequence } from '../../training/steps';
import { type BufferPlan, evaluationRows, FLOAT_BYTES, isInBytes, type ProblemShape } from './plan';
import { TABLE_BYTES, TABLE_ENTRIES } from './step-table';

/** Staging buffers for metrics, so that two submits may be in flight. */
export const STAGING_BUFFERS = 2;

/** Bytes of permutations that a chunk may bring along; at least one epoch's always fits. */
const PERMUTATION_BYTES = 2 ** 20;

/** Epochs whose permutations fit into the buffer. */
export function permutationEpochs(samples: number): number {
  return Math.max(1, Math.floor(PERMUTATION_BYTES / (FLOAT_BYTES * samples)));
}

/** Names of the optimizer's flat arrays, as its kernel binds them. */
export function momentNames({ hyperparameters }: ProblemShape): readonly string[] {
  const moments = momentsOf(hyperparameters);
  switch (moments) {
    case 0:
      return [];
    case 1:
      return [hyperparameters.optimizer === 'sgd' ? 'velocity' : 'square_average'];
    case 2:
      return ['first_moment', 'second_moment'];
    default:
      return moments satisfies never;
  }
}

/** A buffer of `count` 32-bit words. */
export function words(name: string, count: number, use: BufferPlan['use'] = 'storage'): BufferPlan {
  return { name, bytes: count * FLOAT_BYTES, use };
}

/** The training state, parameters first: what checkpoints and saved runs hold. */
export function stateNames(shape: ProblemShape): readonly string[] {
  return ['parameters', ...momentNames(shape), 'running'];
}

/** The buffers that no schedule can do without. */
export function commonBuffers(shape: ProblemShape): readonly BufferPlan[] {
  const { spec, hyperparameters, trainSamples } = shape;
  const { isFullBatch } = new StepSequence(hyperparameters, trainSamples);
  const trained = trainedPart(spec, hyperparameters.freeze).length;
  const moments = momentNames(shape);
  const features = inputsOf(spec);
  const metrics = TABLE_ENTRIES * RECORD_WORDS;
  const predicted = evaluationRows(shape);
  return [
    ...(isFullBatch ? [] : [words('permutation', permutationEpochs(trainSamples) * trainSamples)]),
    words('parameters', parameterLayout(spec).length),
    words('gradients', trained),
    ...moments.map((name) => words(name, trained)),
    words('running', RUNNING_WORDS),
    words('metrics', metrics),
    words('prediction-features', predicted * features),
    words('probabilities', predicted * outputsOf(spec)),
    { name: 'step-table', bytes: TABLE_BYTES, use: 'table' },
    ...Array.from({ length: STAGING_BUFFERS }, (_, i) =>
      words(`metrics-staging-${i}`, metrics + RUNNING_WORDS, 'staging'),
    ),
    words('probabilities-staging', predicted * outputsOf(spec), 'staging'),
  ];
}

/**
 * Training and test set as samples × features, a buffer each; of bytes, with the tables that scale them and,
 * where there is noise, its steps.
 */
export function dataInRows(shape: ProblemShape): readonly BufferPlan[] {
  const { spec, trainSamples, testSamples, byteTables = 0, augmentation } = shape;
  const inputs = inputsOf(spec);
  const labels = [words('train-labels', trainSamples), words('test-labels', testSamples)];
  if (!isInBytes(shape)) {
    return [
      words('train-features', trainSamples * inputs),
      words('test-features', testSamples * inputs),
      ...labels,
    ];
  }
  const { batchRows } = new StepSequence(shape.hyperparameters, trainSamples);
  return [
    words('train-bytes', trainSamples * wordsOfBytes(inputs)),
    words('test-bytes', testSamples * wordsOfBytes(inputs)),
    words('scaled-bytes', byteTables * BYTE_VALUES),
    ...(augmentation?.hasNoise ? [words('noise-steps', inputs)] : []),
    words('batch-features', Math.max(batchRows, evaluationRows(shape)) * inputs),
    ...labels,
  ];
}
