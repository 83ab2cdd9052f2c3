/** What the commands have in common: what goes wrong becomes words on standard error and an exit status. */
import { wordsOf } from '../session/page-outcome';
import { USAGE_STATUS, UsageError } from './arguments';
import { type Output, STANDARD_OUTPUT, withoutControls } from './output';

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
  const terminal: Output = {
    print: (text) => output.print(withoutControls(text)),
    warn: (text) => output.warn(withoutControls(text)),
  };
  try {
    return await command(terminal);
  } catch (error) {
    terminal.warn(`${name}: ${wordsOf(error)}`);
    return error instanceof UsageError ? USAGE_STATUS : 1;
  }
}
