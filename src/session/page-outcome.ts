/**
 * What comes of a task in a page that Node drives. Classes do not cross from the page, so errors do in
 * parts; a result does as JSON text.
 */
import {
  BackendUnavailableError,
  InvalidInputError,
  messageOf,
  type UnavailableCause,
} from '../training/errors';

export type PageOutcome =
  | { readonly kind: 'done'; readonly document: string }
  | { readonly kind: 'invalid-input'; readonly field: string; value: string; allowed: string }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableCause; readonly message: string }
  /** In words for people where it was foreseen; else a fault of the program, with its place. */
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Put here by Node: takes a printed line. */
  var reportLine: (line: string) => Promise<void>;
}

/** What went wrong in the page, in words that need no stack of Node's beside them. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/** Errors whose message says it all. By name, since some have crossed from a worker. */
const FORESEEN = ['DataFormatError', 'RefusedError', 'WorkerFailedError'];

/** Runs `task`, which may report lines, to its document or its error. Called in the page. */
export async function outcomeOf(
  task: (onLine: (line: string) => void) => Promise<unknown>,
): Promise<PageOutcome> {
  const reports: Promise<void>[] = [];
  try {
    const document = await task((line) => reports.push(globalThis.reportLine(line)));
    // Every line has arrived before the document does.
    await Promise.all(reports);
    return { kind: 'done', document: JSON.stringify(document) };
  } catch (error) {
    if (error instanceof InvalidInputError) {
      const { field, value, allowed } = error;
      return { kind: 'invalid-input', field, value: JSON.stringify(value) ?? 'null', allowed };
    }
    const message = messageOf(error);
    if (error instanceof BackendUnavailableError) {
      return { kind: 'unavailable', reason: error.reason, message };
    }
    const isFault = error instanceof Error && !FORESEEN.includes(error.name);
    return { kind: 'failed', message: (isFault && error.stack) || message };
  }
}

/**
 * The result that crossed. Called in Node.
 *
 * @throws InvalidInputError or BackendUnavailableError as the task did, PageError for everything else
 */
export function resultOf<Result>(outcome: PageOutcome): Result {
  switch (outcome.kind) {
    case 'done':
      return JSON.parse(outcome.document) as Result; // this project's own page wrote it
    case 'invalid-input':
      throw new InvalidInputError(outcome.field, JSON.parse(outcome.value), outcome.allowed);
    case 'unavailable':
      throw new BackendUnavailableError(outcome.reason, outcome.message);
    case 'failed':
      throw new PageError(outcome.message);
    default:
      return outcome satisfies never;
  }
}
