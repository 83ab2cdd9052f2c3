/** The page's function for `npm run bench`, which drives this page without anybody looking. */
import { outcomeOf, type PageOutcome } from '../session/page-outcome';
import { runBenchmark } from './benchmark';
import type { BenchOptions } from './run';

declare global {
  /** Put here for Node to call. */
  var benchHeadless: (options: BenchOptions) => Promise<PageOutcome>;
}

/** Puts `benchHeadless` into the page, for Node to call. */
export function offerHeadless(): void {
  globalThis.benchHeadless = (options) =>
    outcomeOf((onProgress) => {
      const { signal } = new AbortController();
      return runBenchmark(options, { onProgress, onResult: () => {}, signal });
    });
}
