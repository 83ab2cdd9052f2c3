/**
 * What comes of a task in a page that Node drives. Classes do not cross from the page, so an error does
 * in words, or in parts where Node has to tell it apart; a result does as JSON text.
 */
import { InvalidInputError } from '../training/errors';

export type PageOutcome =
  | { readonly kind: 'done'; readonly document: string }
  | { readonly kind: 'invalid-input'; readonly field: string; value: string; allowed: string }
  | { readonly kind: 'failed'; readonly message: string };

declare global {
  /** Put here by Node: takes a printed line. */
  var reportLine: (line: string) => Promise<void>;
}

/** What went wrong in the page, in words that need no stack of Node's beside them. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/**
 * What a person should read of an error: its message where it was foreseen, as every error with a name
 * of its own and every refusal of the system is; else it is a fault of the program, and has its stack.
 */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isFault = /^(Range|Reference|Syntax|Type)?Error$/.test(error.name) && !('syscall' in error);
  return (isFault && error.stack) || error.message;
}

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
    if (!(error instanceof InvalidInputError)) return { kind: 'failed', message: wordsOf(error) };
    const { field, value, allowed } = error;
    return { kind: 'invalid-input', field, value: JSON.stringify(value) ?? 'null', allowed };
  }
}

/**
 * The result that crossed. Called in Node.
 *
 * @throws InvalidInputError as the task did, or PageError with the words of any other error
 */
export function resultOf<Result>(outcome: PageOutcome): Result {
  switch (outcome.kind) {
    case 'done':
      return JSON.parse(outcome.document) as Result; // this project's own page wrote it
    case 'invalid-input':
      throw new InvalidInputError(outcome.field, JSON.parse(outcome.value), outcome.allowed);
    case 'failed':
      throw new PageError(outcome.message);
    default:
      return outcome satisfies never;
  }
}
