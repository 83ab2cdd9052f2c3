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
  return readWords(RUNNING_FIELDS, words, floatsOf(words), 0);
}

/** Decodes record number `record` of the buffer `metrics`. */
export function readRecord(
  words: Uint32Array<ArrayBuffer>,
  record: number,
  floats = floatsOf(words),
): Named<typeof RECORD> {
  return readWords(RECORD_FIELDS, words, floats, record * RECORD_WORDS);
}

/** What is not counted. */
const FLOATS = new Set(['loss', 'valLoss', 'gradientNorm', 'parameterNorm']);

interface Fields<Words> {
  readonly fields: readonly {
    readonly name: keyof Words;
    readonly place: number;
    readonly isFloat: boolean;
  }[];
}

const [RUNNING_FIELDS, RECORD_FIELDS] = [fieldsOf(RUNNING), fieldsOf(RECORD)];

function fieldsOf<Words extends Readonly<Record<string, number>>>(places: Words): Fields<Words> {
  const fields = Object.entries(places).map(([name, place]) => ({
    ...{ name, place, isFloat: FLOATS.has(name) },
  }));
  return { fields };
}

function floatsOf(words: Uint32Array<ArrayBuffer>): Float32Array {
  return new Float32Array(words.buffer, words.byteOffset, words.length);
}

function readWords<Words>(
  { fields }: Fields<Words>,
  words: Uint32Array,
  floats: Float32Array,
  start: number,
): Named<Words> {
  const named: Partial<Record<keyof Words, number>> = {};
  for (const { name, place, isFloat } of fields) {
    named[name] = (isFloat ? floats : words)[start + place];
  }
  return named as Named<Words>;
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
  const floats = floatsOf(words);
  return expected.map(({ epoch, learningRate, stamp, valStamp }, i) => {
    const record = readRecord(words, i, floats);
    const isWhole =
      record.steps === batchesPerEpoch &&
      record.samples === train.count &&
      record.stamp === stamp &&
      record.valSamples === test.count &&
      record.valStamp === valStamp;
    if (!isWhole) {
      const asked = [
        ['steps', record.steps, batchesPerEpoch],
        ['training samples', record.samples, train.count],
        ['stamp of the training', record.stamp, stamp],
        ['test samples', record.valSamples, test.count],
        ['stamp of the evaluation', record.valStamp, valStamp],
      ] as const;
      const differences = asked
        .filter(([, found, due]) => found !== due)
        .map(([what, found, due]) => `${what} ${found} for ${due}`);
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
