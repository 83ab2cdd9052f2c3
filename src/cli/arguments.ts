/** Reads `--flag value`, `--flag=value` and `--flag` from a command line; every mistake is one line. */
import { parseArgs } from 'node:util';
import { adviceOf } from '../training/errors';

/** A command line that cannot be run: one line that names the flag, the value and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit status after a `UsageError`. */
export const USAGE_STATUS = 2;

export interface Flag {
  /** `switch`: no value. `boolean`: true where no value follows. `value`: one value. */
  readonly kind: 'switch' | 'boolean' | 'value';
  /** What a value may be, in words; nothing for a switch. */
  readonly allowed?: string;
  /** What it does, for the help. */
  readonly help: string;
  /** The value where it is not given, as text. */
  readonly fallback?: string;
}

/** By name: `--seed`. */
export type Flags = Readonly<Record<string, Flag>>;

/** A flag that takes no value. */
export const switchFlag = (help: string): Flag => ({ kind: 'switch', help });

/** A flag whose text says a value. */
export interface ValueFlag<Value> extends Flag {
  readonly allowed: string;
  readonly fallback: string;
  /** What a text says; undefined where it is not allowed. */
  read(text: string): Value | undefined;
}

/** A flag that takes one of a few words, the first without it. */
export function choiceFlag<Choice extends string>(
  choices: readonly Choice[],
  help: string,
): ValueFlag<Choice> {
  return {
    ...{ kind: 'value', allowed: `one of ${choices.join(', ')}`, help, fallback: choices[0] },
    read: (text) => choices.find((choice) => choice === text),
  };
}

/** A flag that takes an integer from `minimum` to `maximum`. */
export function integerFlag(
  [minimum, maximum]: readonly [minimum: number, maximum: number],
  fallback: number,
  help: string,
): ValueFlag<number> {
  const allowed = `an integer from ${minimum} to ${maximum}`;
  return {
    ...{ kind: 'value', allowed, help, fallback: `${fallback}` },
    read(text) {
      const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/**
 * The flags of a command line with their values as text; `-h` is `--help`.
 *
 * @throws UsageError for an unknown flag, one that comes twice, a missing value, or anything that is no flag
 */
export function readFlags(args: readonly string[], flags: Flags): ReadonlyMap<string, string> {
  const options = Object.entries(flags).map(
    ([flag, { kind }]) =>
      [flag.slice(2), { type: kind === 'value' ? 'string' : 'boolean' }] as const,
  );
  // Not strict: it would refuse a value that starts with a dash, and in words about its own options.
  const { tokens } = parseArgs({
    ...{ args: [...args], options: Object.fromEntries(options) },
    ...{ strict: false, allowPositionals: true, tokens: true },
  });
  const values = new Map<string, string>();
  /** The flag before, where it is a boolean whose value may follow. */
  let open = '';
  for (const token of tokens) {
    const written = token.kind === 'option' ? token.rawName : args[token.index];
    const name = written === '-h' ? '--help' : written;
    if (open !== '' && token.kind === 'positional' && /^(true|false)$/.test(name)) {
      values.set(open, name);
      open = '';
      continue;
    }
    if (token.kind !== 'option' || !Object.hasOwn(flags, name)) {
      const problem = token.kind === 'positional' ? 'is not a flag' : 'is not a known flag';
      const meant = nearest(name, Object.keys(flags));
      const hint = meant === undefined ? '--help lists the flags' : `did you mean ${meant}?`;
      throw new UsageError(`${quote(written)} ${problem}; ${hint}`);
    }
    if (values.has(name)) throw new UsageError(`${name} is given twice`);
    const { kind, allowed } = flags[name];
    const { value, inlineValue } = token;
    if (kind === 'switch' && value !== undefined) {
      refuse(name, value, 'it takes no value');
    }
    // A value may start with one dash, as a negative number does, but not with two.
    if (kind === 'value' && (value === undefined || (!inlineValue && value.startsWith('--')))) {
      throw new UsageError(`${name}: its value is missing; ${adviceOf(allowed ?? '')}`);
    }
    values.set(name, value ?? 'true');
    open = kind === 'boolean' && value === undefined ? name : '';
  }
  return values;
}

/** The word that was meant by a wrong one: it begins so, or a third of its letters differ at most. */
function nearest(wrong: string, words: readonly string[]): string | undefined {
  const beginning = words.filter((word) => wrong.length > 3 && word.startsWith(wrong));
  if (beginning.length === 1) return beginning[0];
  const distances = words.map((word) => [editDistance(wrong, word), word] as const);
  const [distance, word] = distances.reduce((a, b) => (b[0] < a[0] ? b : a));
  return 3 * distance <= wrong.length ? word : undefined;
}

/** Letters to put in, take out or replace, row by row (Wagner and Fischer, 1974). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j] + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** What every terminal has at least. */
const HELP_COLUMNS = 80;
/** Stands for a space where no line ends. */
const NO_BREAK = '\u00a0';

/**
 * The flags as a help lists them: what each does, what is allowed and what it is without, within 80
 * columns. A line break in a flag's help stays one.
 *
 * @param width - of the longest flag; by default of these
 */
export function flagsHelp(flags: Flags, width = widthOf(flags)): string {
  const indent = ' '.repeat(width + 4);
  return Object.entries(flags)
    .map(([flag, { help, allowed, fallback }]) => {
      const rest = fallback === undefined ? '' : `; default${NO_BREAK}${fallback || 'none'}`;
      const paragraphs = [...help.split('\n'), ...(allowed === undefined ? [] : [allowed + rest])];
      const lines = paragraphs.flatMap((text) => wrapped(text, HELP_COLUMNS - indent.length));
      return `  ${flag.padEnd(width)}  ${lines.join(`\n${indent}`)}`;
    })
    .join('\n');
}

/** Characters of the longest flag. */
export function widthOf(flags: Flags): number {
  return Math.max(...Object.keys(flags).map((flag) => flag.length));
}

/** A text in lines of so many characters at most, but for longer words. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns || line === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => line.replaceAll(NO_BREAK, ' '));
}

/**
 * What a flag says on a command line, or says without it.
 *
 * @throws UsageError where its text is not allowed
 */
export function readValue<Value>(
  values: ReadonlyMap<string, string>,
  flag: string,
  { read, fallback, allowed }: ValueFlag<Value>,
): Value {
  const text = values.get(flag) ?? fallback;
  return read(text) ?? refuse(flag, text, allowed);
}

/** @throws UsageError always, with what is allowed of the flag */
export function refuse(flag: string, text: string, allowed: string): never {
  throw new UsageError(`${flag}: ${quote(text)} is not allowed; ${adviceOf(allowed)}`);
}

/** Text as one line, however long and strange it is. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length > 60 ? `${quoted.slice(0, 57)}…` : quoted;
}
