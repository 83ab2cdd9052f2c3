/** Typed errors: each says what was wrong and what to do, in words fit for the page and the command line. */

/** A value that a person, a URL or a file gave is not allowed. Nothing was allocated or changed. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  /**
   * @param field - the field as the user knows it
   * @param value - the offending value
   * @param allowed - what is allowed, as in "an integer from 1", or a clause that says why the value is not
   */
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${field}: ${quote(value)} is not allowed; ${adviceOf(allowed)}`);
  }
}

/** How something begins that may be used in the place of what is not allowed; a reason begins otherwise. */
const THING =
  /^(an? |the name of |one (or more )?of |true or false$|up to |at most |\d+ (or|to) \d)/;

/** `use an integer from 1`, of what is allowed; a reason as it is. */
export function adviceOf(allowed: string): string {
  return THING.test(allowed) ? `use ${allowed}` : allowed;
}

export type UnavailableCause =
  | 'insecure-context'
  | 'no-webgpu'
  | 'no-adapter'
  | 'no-device'
  | 'device-lost'
  | 'device-error'
  | 'shader-failed'
  | 'out-of-memory'
  | 'unsupported';

/** A backend cannot be had, or died. `cause` tells programs why, the message tells people what to do. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
  constructor(
    readonly reason: UnavailableCause,
    message: string,
  ) {
    super(message);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A list is said without brackets, as it is typed. */
function quote(value: unknown): string {
  const text =
    Array.isArray(value) && value.length > 0
      ? value.map((entry) => JSON.stringify(entry)).join(', ')
      : String(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
