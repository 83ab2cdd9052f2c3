/** The page's function for `npm run bench`, which drives this page without anybody looking. */
import { runBenchmark } from './benchmark';
import type { BenchResult } from './results';
import type { BenchOptions } from './run';

/** What came of it, since classes do not cross from the page to Node. */
export type BenchOutcome =
  | { readonly kind: 'done'; readonly result: BenchResult }
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Put here for Node to call. */
  var benchHeadless: (options: BenchOptions) => Promise<BenchOutcome>;
  /** Put here by Node: takes a line about what is being measured. */
  var reportBenchProgress: ((line: string) => Promise<void>) | undefined;
}

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
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'failed', message: text };
    }
  };
}
