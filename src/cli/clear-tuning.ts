/** `--clear-tuning` of the commands train and bench: forgets what tuning measured, and ends. */
import { switchFlag, UsageError } from './arguments';
import { clearTuning, tuningFile } from './tuning-file';

export const CLEAR_TUNING_FLAG = switchFlag(
  'Forget the measurements that the command train keeps, and do nothing else. They are in shaderprop/tuning.json in your cache folder (XDG_CACHE_HOME or LOCALAPPDATA, else .cache in your home), or in the file that SHADERPROP_TUNING names.',
);

/**
 * Whether the flags ask for it.
 *
 * @throws UsageError where others come with it, which would have no effect
 */
export function isToClearTuning(values: ReadonlyMap<string, string>): boolean {
  if (!values.has('--clear-tuning') || values.has('--help')) return false;
  const other = [...values.keys()].find((flag) => flag !== '--clear-tuning');
  if (other === undefined) return true;
  throw new UsageError(`${other} is not allowed with --clear-tuning, which does nothing else`);
}

/** Clears the file; gives a line that says so. */
export async function clearStoredTuning(): Promise<string> {
  const path = tuningFile();
  await clearTuning(path);
  return `The stored tuning is cleared: ${path}`;
}
