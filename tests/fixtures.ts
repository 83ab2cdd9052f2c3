/** Loads the NumPy fixtures and the digits in tests that run in Node. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Rows } from '../src/data/dataset';
import { parseDigits } from '../src/data/digits-rows';

/** One run of the notebook or of a challenge, in float64 from NumPy and scikit-learn. */
export interface Fixture {
  /** The configuration with names in snake_case. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly classes: readonly number[];
  readonly train_size: number;
  readonly test_size: number;
  readonly train_index: readonly number[];
  readonly test_index: readonly number[];
  readonly scaler: { readonly mean: readonly number[]; readonly scale: readonly number[] };
  /** W1, b1, W2, …, each flat. */
  readonly first_parameters: readonly (readonly number[])[];
  /** (outputs × 5): the first five training samples through the first draw. */
  readonly first_five_outputs: readonly (readonly number[])[];
  readonly initial_parameters: readonly (readonly number[])[];
  readonly final_parameters: readonly (readonly number[])[];
  readonly history: {
    readonly loss: readonly number[];
    readonly accuracy: readonly number[];
    readonly val_loss: readonly number[];
    readonly val_accuracy: readonly number[];
    readonly learning_rate: readonly number[];
  };
  readonly printed: readonly string[];
  /** (outputs × samples). */
  readonly test_outputs: readonly (readonly number[])[];
  readonly predictions: readonly number[];
  readonly labels: readonly number[];
  readonly confusion_matrix: readonly (readonly number[])[];
  readonly classification_report: string;
  readonly sample_indices: readonly number[];
  /** How far float32 in NumPy strays from float64 in this run. */
  readonly float32_deviation: {
    readonly loss: number;
    readonly val_loss: number;
    readonly accuracy: number;
    readonly val_accuracy: number;
  };
}

const FIXTURES = new URL('./fixtures/', import.meta.url);

/** Names of all fixtures: `notebook`, `challenge-1-lr-0.1`, … */
export const FIXTURE_NAMES: readonly string[] = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

export function loadFixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Fixture;
}

/** The text of `data/digits.csv`. */
export function digitsCsv(): string {
  return readFileSync(new URL('../data/digits.csv', import.meta.url), 'utf8');
}

/** All 1,797 digits. */
export function loadDigits(): Rows<Uint8Array> {
  return parseDigits(digitsCsv());
}
