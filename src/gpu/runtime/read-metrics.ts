/** The words of the running sums and of an epoch's record, by their names. */
import { RECORD, RECORD_WORDS, RUNNING } from '../../../shaders/parts/loss-reduction';
import type { EpochMetrics, Problem } from '../../training/backend';
import { BackendUnavailableError } from '../../training/errors';
import { metricsOf } from '../../training/metrics';
import { StepSequence } from '../../training/steps';
import type { ExpectedRecord } from './chunk';

export interface RunningSums {
  readonly loss: number;
  readonly correct: number;
  readonly nonFinite: number;
  readonly gradientNorm: number;
  readonly parameterNorm: number;
}

/** Decodes the words of the buffer `running`. */
export function readRunning(words: Uint32Array<ArrayBuffer>): RunningSums {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  return {
    loss: floats[RUNNING.loss],
    correct: words[RUNNING.correct],
    nonFinite: words[RUNNING.nonFinite],
    gradientNorm: floats[RUNNING.gradientNorm],
    parameterNorm: floats[RUNNING.parameterNorm],
  };
}

/** Decodes record number `record` of the buffer `metrics`. */
export function readRecord(words: Uint32Array<ArrayBuffer>, record: number) {
  const own = words.subarray(record * RECORD_WORDS, (record + 1) * RECORD_WORDS);
  const floats = new Float32Array(own.buffer, own.byteOffset, own.length);
  return {
    loss: floats[RECORD.loss],
    correct: own[RECORD.correct],
    valLoss: floats[RECORD.valLoss],
    valCorrect: own[RECORD.valCorrect],
    nonFinite: own[RECORD.nonFinite],
    gradientNorm: floats[RECORD.gradientNorm],
    parameterNorm: floats[RECORD.parameterNorm],
    counts: {
      steps: own[RECORD.steps],
      samples: own[RECORD.samples],
      stamp: own[RECORD.stamp],
      valSamples: own[RECORD.valSamples],
      valStamp: own[RECORD.valStamp],
    },
  };
}

/**
 * Records as metrics.
 *
 * @throws BackendUnavailableError where a record is not what the kernels write who did all of the work:
 * another epoch's, or of fewer steps or samples
 */
export function decodeRecords(
  words: Uint32Array<ArrayBuffer>,
  expected: readonly ExpectedRecord[],
  { train, test, hyperparameters }: Problem,
): readonly EpochMetrics[] {
  const { batchesPerEpoch } = new StepSequence(hyperparameters, train.count);
  return expected.map(({ epoch, learningRate, stamp, valStamp }, i) => {
    const record = readRecord(words, i);
    const { counts } = record;
    const asked: typeof counts = {
      steps: batchesPerEpoch,
      samples: train.count,
      stamp,
      valSamples: test.count,
      valStamp,
    };
    const wrong = (Object.keys(asked) as (keyof typeof counts)[]).filter(
      (name) => counts[name] !== asked[name],
    );
    if (wrong.length > 0) {
      const differences = wrong.map((name) => `${NAMES[name]} ${counts[name]} for ${asked[name]}`);
      throw new BackendUnavailableError(
        'device-error',
        `The graphics device did not do all of the work of epoch ${epoch + 1} (${differences.join(', ')}). What it computes is not to be trusted; another backend, schedule or driver may help.`,
      );
    }
    return metricsOf({
      train: { loss: record.loss, correct: record.correct, count: train.count },
      test: { loss: record.valLoss, correct: record.valCorrect, count: test.count },
      learningRate,
      norms: hyperparameters.norms
        ? { gradient: record.gradientNorm, parameters: record.parameterNorm }
        : null,
      finite: record.nonFinite === 0,
    });
  });
}

const NAMES = {
  steps: 'steps',
  samples: 'training samples',
  stamp: 'stamp of the training',
  valSamples: 'test samples',
  valStamp: 'stamp of the evaluation',
} as const satisfies Record<keyof ReturnType<typeof readRecord>['counts'], string>;
