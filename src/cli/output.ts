/** What a command prints to. */

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
