/** `npm run train --hidden=99`: npm takes the flag for its own, and the command would run without it. */
import { type Flags, UsageError } from './arguments';

/** npm has flags of these names itself, which somebody may have set for all that npm does. */
const NPMS_OWN = ['--json', '--help', '--only'];

/**
 * Refuses a command whose flags npm took, with the line to type.
 *
 * @param command - `train`
 * @param args - what came through
 * @throws UsageError
 */
export function refuseSwallowed(
  command: string,
  flags: Flags,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const swallowed = Object.entries(flags).flatMap(([flag, { kind }]) => {
    const value = environment[`npm_config_${flag.slice(2).replaceAll('-', '_')}`];
    if (value === undefined || NPMS_OWN.includes(flag)) return [];
    if (kind === 'switch') return [flag];
    // npm makes a value of its own of a flag whose value stood behind a space.
    return [value === 'true' || value === '' ? flag : `${flag}=${value}`];
  });
  if (swallowed.length === 0) return;
  const line = [...swallowed, ...args].map(quoted).join(' ');
  throw new UsageError(
    `npm took ${swallowed.join(' and ')} for itself; type: npm run ${command} -- ${line}`,
  );
}

/** As a shell needs it. */
function quoted(word: string): string {
  return /^[\w.,:=/+-]+$/.test(word) ? word : JSON.stringify(word);
}
