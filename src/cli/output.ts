/** What a command prints to, and the files that it writes. */
import { writeFileSync } from 'node:fs';
import { quote, UsageError } from './arguments';

/** Where a command writes; tests put their own in. */
export interface Output {
  /** Standard output, a line at a time. */
  print(text: string): void;
  /** Standard error, a line at a time. */
  warn(text: string): void;
}

/** The process's own streams. */
export const STANDARD_OUTPUT: Output = {
  print: (text) => process.stdout.write(`${text}\n`),
  warn: (text) => process.stderr.write(`${text}\n`),
};

/**
 * Makes sure that a file can be written, and leaves what is in it.
 *
 * @throws UsageError where it cannot
 */
export function checkOutput(flag: string, file: string): void {
  write(flag, file, '', 'a');
}

/**
 * Writes a file that a flag names.
 *
 * @throws UsageError where it cannot be written
 */
export function writeOutput(flag: string, file: string, text: string): void {
  write(flag, file, text, 'w');
}

function write(flag: string, file: string, text: string, mode: 'a' | 'w'): void {
  try {
    writeFileSync(file, text, { flag: mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag} ${quote(file)} cannot be written (${code})`);
  }
}
