/** The runs that others begin with, wherever they are kept. */
import type { Configuration } from '../configuration/fields';
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
 * @throws MissingStartError where it is not here
 */
export async function loadStart({ from }: Pick<Configuration, 'from'>): Promise<Start | undefined> {
  if (from === '') return undefined;
  const reference = parseStart(from);
  if (reference === undefined) throw new RangeError(`unchecked start: ${from}`);
  const run = 'preset' in reference ? undefined : await startStore(reference.sha256);
  if (run === undefined) throw new MissingStartError(reference);
  // Most runs begin anew, and do without.
  const { startOf } = await import('./start-run');
  return startOf(run);
}
