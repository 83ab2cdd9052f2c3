/** What the commands have in common: what goes wrong becomes words on standard error and an exit status. */
import { wordsOf } from '../session/page-outcome';
import { USAGE_STATUS, UsageError } from './arguments';
import { type Output, STANDARD_OUTPUT } from './output';

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

/**
 * A text without the characters that a terminal obeys, save for line breaks and tabs: the names in a file
 * that somebody brings are printed, too. JSON has none, since it escapes them.
 */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t\x7f-\x9f]/gu, '·');
}
