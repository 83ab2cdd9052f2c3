/** The words of the running sums and of an epoch's record, by their names. */
import { RECORD, RECORD_WORDS, RUNNING } from '../../shaders/loss-reduction';

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

/** What an epoch left of its test set. */
export function readRecord(words: Uint32Array<ArrayBuffer>, record: number) {
  const own = words.subarray(record * RECORD_WORDS, (record + 1) * RECORD_WORDS);
  const floats = new Float32Array(own.buffer, own.byteOffset, own.length);
  return {
    loss: floats[RECORD.loss],
    correct: own[RECORD.correct],
    valLoss: floats[RECORD.valLoss],
    valCorrect: own[RECORD.valCorrect],
  };
}
