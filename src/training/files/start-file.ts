/** The runs that others begin with, wherever they are kept. */
import type { Configuration } from '../configuration/fields';
import { InvalidInputError } from '../errors';
import { MissingStartError, parseStart } from './start-reference';
import type { Start, StartRun } from './start-run';

/** Where they are kept, by the SHA-256 of their files; without it, there are none. */
let startStore: (sha256: string) => Promise<StartRun | undefined> = async () => undefined;

/** Says where they come from. */
export function setStartStore(store: typeof startStore): void {
  startStore = store;
}

/**
 * The run that a configuration begins with; undefined where it begins anew.
 *
 * @throws MissingStartError where it is not here; InvalidInputError where it is of a preset that there is not
 */
export async function loadStart({ from }: Pick<Configuration, 'from'>): Promise<Start | undefined> {
  if (from === '') return undefined;
  const reference = parseStart(from);
  if (reference === undefined) throw new RangeError(`unchecked start: ${from}`);
  if ('preset' in reference) {
    const { noSuchPreset } = await import('../presets');
    const problem = noSuchPreset(reference.preset);
    if (problem !== undefined) throw new InvalidInputError('from', from, problem);
    throw new MissingStartError(reference);
  }
  const run = await startStore(reference.sha256);
  if (run === undefined) throw new MissingStartError(reference);
  // Most runs begin anew, and do without.
  const { startOf } = await import('./start-run');
  return startOf(run);
}
