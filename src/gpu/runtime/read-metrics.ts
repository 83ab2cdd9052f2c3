/** The words of the running sums and of an epoch's record, by their names. */
import { RECORD, RECORD_WORDS, RUNNING } from '../../../shaders/parts/loss-reduction';
import type { EpochMetrics, Problem } from '../../training/backend';
import { BackendUnavailableError } from '../../training/errors';
import { metricsOf } from '../../training/metrics';
import { StepSequence } from '../../training/steps';
import type { ExpectedRecord } from './chunk';

type Named<Words> = Readonly<Record<keyof Words, number>>;

/** Decodes the words of the buffer `running`. */
export function readRunning(words: Uint32Array<ArrayBuffer>): Named<typeof RUNNING> {
  return readWords(RUNNING, words);
}

/** Decodes record number `record` of the buffer `metrics`. */
export function readRecord(words: Uint32Array<ArrayBuffer>, record: number): Named<typeof RECORD> {
  return readWords(RECORD, words.subarray(record * RECORD_WORDS, (record + 1) * RECORD_WORDS));
}

/** What is not counted. */
const FLOATS = new Set(['loss', 'valLoss', 'gradientNorm', 'parameterNorm']);

function readWords<Words extends Readonly<Record<string, number>>>(
  places: Words,
  words: Uint32Array<ArrayBuffer>,
): Named<Words> {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  const named = Object.entries(places).map(([name, place]) => [
    name,
    (FLOATS.has(name) ? floats : words)[place],
  ]);
  return Object.fromEntries(named) as Named<Words>;
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
    const asked = [
      ['steps', record.steps, batchesPerEpoch],
      ['training samples', record.samples, train.count],
      ['stamp of the training', record.stamp, stamp],
      ['test samples', record.valSamples, test.count],
      ['stamp of the evaluation', record.valStamp, valStamp],
    ] as const;
    const wrong = asked.filter(([, found, due]) => found !== due);
    if (wrong.length > 0) {
      const differences = wrong.map(([what, found, due]) => `${what} ${found} for ${due}`);
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
