/**
 * The table of values that kernels read as `step`, uploaded once a chunk: what changes from step to step,
 * and what a run sets, so that no kernel is compiled anew for another seed, rate, decay or momentum.
 */

import { STEP_STRUCT, STEPS_AT_ONCE } from '../../../shaders/kernel';
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

interface Field {
  readonly type: string;
  /** In bytes. */
  readonly place: number;
}

/** Each value of an entry, as the kernels' own text has them: four bytes each. */
const FIELDS: Readonly<Record<string, Field>> = Object.fromEntries(
  [...STEP_STRUCT.matchAll(/(\w+): (u32|f32)/g)].map(([, name, type], i) => [
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    { type, place: 4 * i },
  ]),
);

/** Bytes of an entry's values, rounded up to 16 as a uniform struct is. */
export const STEP_BYTES = 16 * Math.ceil(Object.keys(FIELDS).length / 4);

/** Stamps go round after so many: kernels keep one, times four, as a float32 without rounding it. */
const STAMPS = 2 ** 20;

/** What an entry is made of; its names are those of the struct, in camel case. */
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

const INTEGERS = ['firstRow', 'rows', 'record', 'step', 'isFirst', 'previous', 'stamp'] as const;

/** Fills entry after entry into one block of memory. It is written once an epoch at least, so it allocates nothing. */
export class StepTable {
  readonly bytes = new ArrayBuffer((TABLE_ENTRIES + 1) * ENTRY_BYTES);
  readonly #view = new DataView(this.bytes);
  #written = 0;

  constructor(settings: StepSettings) {
    const threshold = dropoutThreshold(settings.dropout);
    for (let index = 0; index <= TABLE_ENTRIES; index++) {
      this.#set(index, FIELDS.seed, settings.seed);
      this.#set(index, FIELDS.dropoutThreshold, threshold);
      this.#set(index, FIELDS.dropoutScale, 2 ** 32 / (2 ** 32 - threshold));
      this.#set(index, FIELDS.weightDecay, settings.weightDecay);
      this.#set(index, FIELDS.momentum, settings.momentum);
    }
  }

  /** Writes an entry; gives its stamp, which it shares with none of the million before it. */
  write(index: number, entry: StepEntry): number {
    const stamp = 1 + (this.#written++ % STAMPS);
    this.#set(index, FIELDS.firstRow, entry.firstRow);
    this.#set(index, FIELDS.rows, entry.rows);
    this.#set(index, FIELDS.record, entry.record);
    this.#set(index, FIELDS.step, entry.step);
    this.#set(index, FIELDS.isFirst, Number(entry.isFirst));
    this.#set(index, FIELDS.learningRate, entry.learningRate);
    this.#set(index, FIELDS.inverseRows, 1 / entry.rows);
    this.#set(index, FIELDS.inverseSamples, 1 / entry.samples);
    this.#set(index, FIELDS.stepSize, entry.stepSize);
    this.#set(index, FIELDS.inverseRootCorrection, entry.inverseRootCorrection);
    this.#set(index, FIELDS.previous, entry.previous ?? 0);
    this.#set(index, FIELDS.entries, 0);
    this.#set(index, FIELDS.stamp, stamp);
    return stamp;
  }

  /** The integers of an entry, as the kernels read them. */
  read(index: number): Readonly<Record<(typeof INTEGERS)[number], number>> {
    const integers = INTEGERS.map((name) => [
      name,
      this.#view.getUint32(index * ENTRY_BYTES + FIELDS[name].place, true),
    ]);
    return Object.fromEntries(integers);
  }

  /** Says to a kernel that takes many steps how many there are from entry `index` on. */
  setEntries(index: number, entries: number): void {
    this.#set(index, FIELDS.entries, entries);
  }

  #set(index: number, { type, place }: Field, value: number): void {
    const at = index * ENTRY_BYTES + place;
    if (type === 'f32') this.#view.setFloat32(at, value, true);
    else this.#view.setUint32(at, value, true);
  }
}
