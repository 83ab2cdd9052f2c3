/** What the commands have in common: what goes wrong becomes a line on standard error and an exit status. */
import { DataFormatError } from '../data/dataset';
import { PageError } from '../session/page-outcome';
import { BackendUnavailableError, InvalidInputError, messageOf } from '../training/errors';
import { USAGE_STATUS, UsageError } from './arguments';
import { ChromiumError } from './chromium';
import { type Output, STANDARD_OUTPUT } from './output';

/** Errors in words for people; everything else is a fault of the program, and is shown with its place. */
const FORESEEN = [
  ...[UsageError, ChromiumError, PageError],
  ...[InvalidInputError, BackendUnavailableError, DataFormatError],
];

/**
 * Runs a command.
 *
 * @returns its exit status: its own, 1 where it failed, 2 where the command line is not allowed
 */
export async function runCommand(
  name: string,
  command: (output: Output) => number | Promise<number>,
  output = STANDARD_OUTPUT,
): Promise<number> {
  try {
    return await command(output);
  } catch (error) {
    // What the system refuses, such as a port, comes in words, too.
    const isForeseen =
      FORESEEN.some((Kind) => error instanceof Kind) ||
      (error instanceof Error && 'syscall' in error);
    const stack = error instanceof Error && !isForeseen ? error.stack : undefined;
    output.warn(`${name}: ${stack ?? messageOf(error)}`);
    return error instanceof UsageError ? USAGE_STATUS : 1;
  }
}
