/** What a command prints to, and the files that it writes. */
import { writeFileSync } from 'node:fs';
import { quote, UsageError } from './arguments';
import { isFileError, whyNotWritten } from './file-errors';

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

/** What a terminal obeys rather than shows, and what turns the text around it: both take others' words out of place. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * A text without the characters that steer a terminal, save for line breaks and tabs: the names in a file
 * that somebody brings are printed, too.
 */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, (letter) => (/[\n\t]/.test(letter) ? letter : '·'));
}

/** A document as JSON in one line, where such characters are escaped: `JSON.stringify` leaves those from U+007F on. */
export function jsonLine(document: unknown): string {
  return JSON.stringify(document).replace(
    CONTROL,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

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
    if (!isFileError(error)) throw error;
    throw new UsageError(`${flag} ${quote(file)} cannot be written: ${whyNotWritten(error)}`);
  }
}
