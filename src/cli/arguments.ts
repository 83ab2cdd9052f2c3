/** Reads `--flag value`, `--flag=value` and `--flag` from a command line; every mistake is one line. */

/** A command line that cannot be run: one line that names the flag, the value and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit status after a `UsageError`. */
export const USAGE_STATUS = 2;

export interface Flag {
  /** `switch`: no value. `boolean`: true where no value follows. `value`: one value. */
  readonly kind: 'switch' | 'boolean' | 'value';
  /** What a value may be, in words. */
  readonly allowed: string;
}

/**
 * The flags of a command line with their values as text; of a flag that comes twice, the last.
 *
 * @param flags - what may come, by name: `--seed`
 * @throws UsageError for an unknown flag, a missing value, or anything that is no flag
 */
export function readFlags(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const [, name, inlineValue] = /^(--?[^=]*)(?:=(.*))?$/s.exec(args[index]) ?? [];
    if (name === undefined || !Object.hasOwn(flags, name)) {
      const problem = name === undefined ? 'is not a flag' : 'is not a known flag';
      const known = Object.keys(flags).join(' ');
      throw new UsageError(`${quote(name ?? args[index])} ${problem}; allowed: ${known}`);
    }
    const { kind, allowed } = flags[name];
    const next = args[index + 1];
    switch (kind) {
      case 'switch':
        if (inlineValue !== undefined) {
          throw new UsageError(`${name}: ${quote(inlineValue)} is not allowed; it takes no value`);
        }
        values.set(name, 'true');
        break;
      case 'boolean':
        if (inlineValue === undefined && (next === 'true' || next === 'false')) index++;
        values.set(name, inlineValue ?? (next === 'false' ? 'false' : 'true'));
        break;
      case 'value': {
        // A value may start with one dash, as a negative number does, but not with two.
        const value = inlineValue ?? (next?.startsWith('--') ? undefined : next);
        if (value === undefined) throw new UsageError(`${name}: its value is missing; ${allowed}`);
        if (inlineValue === undefined) index++;
        values.set(name, value);
        break;
      }
      default:
        kind satisfies never;
    }
  }
  return values;
}

/**
 * The integer that `text` is.
 *
 * @throws UsageError where it is none, or not from `minimum` to `maximum`
 */
export function readInteger(flag: string, text: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new UsageError(
    `${flag}: ${quote(text)} is not allowed; an integer from ${minimum} to ${maximum}`,
  );
}

/** Text as one line, however long and strange it is. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length > 60 ? `${quoted.slice(0, 57)}…` : quoted;
}
