/**
 * The table of values that kernels read as `step`, uploaded once a chunk: what changes from step to step,
 * and what a run sets, so that no kernel is compiled anew for another seed, rate, decay or momentum.
 */

import { STEPS_AT_ONCE } from '../../../shaders/kernel';
import type { Problem } from '../../training/backend';
import { dropoutThreshold } from '../../training/dropout';
import { InvalidInputError } from '../../training/errors';
import type { Hyperparameters } from '../../training/hyperparameters';

/** Bytes from one entry to the next: what a dynamic uniform offset must be a multiple of everywhere. */
export const ENTRY_BYTES = 256;

/** Most entries of a chunk. One entry a batch and one an evaluation. */
export const TABLE_ENTRIES = 2048;

/** Bytes of the table: one entry more for predictions, and room for a whole binding behind the last. */
export const TABLE_BYTES = (TABLE_ENTRIES + STEPS_AT_ONCE) * ENTRY_BYTES;

/** Bytes of the struct Step in shaders/kernel.ts, rounded up to 16. */
export const STEP_BYTES = 80;

/** Stamps go round after so many: kernels keep one, times four, as a float32 without rounding it. */
const STAMPS = 2 ** 20;

/** The values of one entry; names and order are those of the struct. */
export interface StepEntry {
  readonly firstRow: number;
  readonly rows: number;
  readonly record: number;
  readonly step: number;
  readonly isFirst: boolean;
  readonly learningRate: number;
  /** Samples that the loss is the mean over. */
  readonly samples: number;
  readonly stepSize: number;
  readonly inverseRootCorrection: number;
  /** 1 + record of an epoch that waits for its evaluation; 0, or left out, for none. */
  readonly previous?: number;
}

/** What an entry holds for kernels that train nothing, beside the number of samples. */
export const NO_STEP = {
  firstRow: 0,
  record: 0,
  step: 0,
  isFirst: true,
  learningRate: 0,
  stepSize: 0,
  inverseRootCorrection: 0,
} as const satisfies Partial<StepEntry>;

/** What a run sets for all of its steps. */
export interface StepSettings extends Pick<Hyperparameters, 'seed' | 'weightDecay' | 'momentum'> {
  /** The rate of all layers that have dropout. */
  readonly dropout: number;
}

/**
 * What a problem's steps have in common.
 *
 * @throws InvalidInputError where its layers have several rates of dropout: the table holds one
 */
export function stepSettings({ spec, hyperparameters }: Problem): StepSettings {
  const rates = new Set(spec.layers.map(({ dropout }) => dropout).filter((rate) => rate > 0));
  const [dropout = 0, ...others] = rates;
  if (others.length > 0) {
    throw new InvalidInputError('dropout', [...rates], 'one rate for all layers that have any');
  }
  const { seed, weightDecay, momentum } = hyperparameters;
  return { seed, weightDecay, momentum, dropout };
}

/** Fills entry after entry into one block of memory. */
export class StepTable {
  readonly bytes = new ArrayBuffer((TABLE_ENTRIES + 1) * ENTRY_BYTES);
  readonly #view = new DataView(this.bytes);
  readonly #settings: StepSettings;
  #written = 0;

  constructor(settings: StepSettings) {
    this.#settings = settings;
  }

  /** Writes an entry; gives its stamp, which it shares with none of the million before it. */
  write(index: number, entry: StepEntry): number {
    const at = index * ENTRY_BYTES;
    const integers = [entry.firstRow, entry.rows, entry.record, entry.step, Number(entry.isFirst)];
    integers.forEach((value, i) => {
      this.#view.setUint32(at + 4 * i, value, true);
    });
    const floats = [
      entry.learningRate,
      1 / entry.rows,
      1 / entry.samples,
      entry.stepSize,
      entry.inverseRootCorrection,
    ];
    floats.forEach((value, i) => {
      this.#view.setFloat32(at + 20 + 4 * i, value, true);
    });
    this.#view.setUint32(at + 40, entry.previous ?? 0, true);
    this.#view.setUint32(at + 44, 0, true);
    const { seed, dropout, weightDecay, momentum } = this.#settings;
    const threshold = dropoutThreshold(dropout);
    [seed, threshold].forEach((value, i) => {
      this.#view.setUint32(at + 48 + 4 * i, value, true);
    });
    [2 ** 32 / (2 ** 32 - threshold), weightDecay, momentum].forEach((value, i) => {
      this.#view.setFloat32(at + 56 + 4 * i, value, true);
    });
    const stamp = 1 + (this.#written++ % STAMPS);
    this.#view.setUint32(at + 68, stamp, true);
    return stamp;
  }

  /** The integers of an entry, as the kernels read them. */
  read(index: number): Pick<StepEntry, 'firstRow' | 'rows' | 'record' | 'step' | 'isFirst'> & {
    readonly previous: number;
    readonly stamp: number;
  } {
    const word = (position: number) =>
      this.#view.getUint32(index * ENTRY_BYTES + 4 * position, true);
    return {
      firstRow: word(0),
      rows: word(1),
      record: word(2),
      step: word(3),
      isFirst: word(4) === 1,
      previous: word(10),
      stamp: word(17),
    };
  }

  /** Says to a kernel that takes many steps how many there are from entry `index` on. */
  setEntries(index: number, entries: number): void {
    this.#view.setUint32(index * ENTRY_BYTES + 44, entries, true);
  }
}
