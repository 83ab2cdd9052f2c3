/** The page's function for `npm run bench`, which drives this page without anybody looking. */

import { RefusedError } from '../comparison/refusal';
import { DataFormatError } from '../data/dataset';
import { BackendUnavailableError, InvalidInputError } from '../training/errors';
import { runBenchmark } from './benchmark';
import type { BenchResult } from './results';
import type { BenchOptions } from './run';

/** What came of it, since classes do not cross from the page to Node. */
export type BenchOutcome =
  | { readonly kind: 'done'; readonly result: BenchResult }
  /** Foreseen, in words for people. */
  | { readonly kind: 'refused'; readonly message: string }
  /** A fault of the program, with the place where it happened. */
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Put here for Node to call. */
  var benchHeadless: (options: BenchOptions) => Promise<BenchOutcome>;
  /** Put here by Node: takes a line about what is being measured. */
  var reportBenchProgress: ((line: string) => Promise<void>) | undefined;
}

/** Puts `benchHeadless` into the page, for Node to call. */
export function offerHeadless(): void {
  globalThis.benchHeadless = async (options) => {
    try {
      const result = await runBenchmark(options, {
        onProgress: (line) => void globalThis.reportBenchProgress?.(line),
        onResult: () => {},
        signal: new AbortController().signal,
      });
      return { kind: 'done', result };
    } catch (error) {
      return failureOf(error);
    }
  };
}

/** An error as it crosses to Node. */
export function failureOf(error: unknown): BenchOutcome {
  if (!(error instanceof Error)) return { kind: 'failed', message: String(error) };
  const isForeseen =
    error instanceof RefusedError ||
    error instanceof InvalidInputError ||
    error instanceof BackendUnavailableError ||
    error instanceof DataFormatError;
  return isForeseen
    ? { kind: 'refused', message: error.message }
    : { kind: 'failed', message: error.stack ?? error.message };
}
