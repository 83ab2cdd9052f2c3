/** A run of the page that nobody trains: what a test reports of it is all that it hears. */
import { Run } from '../../src/app/state/run';
import { checkConfiguration } from '../../src/training/configuration/check';

/** A run of the notebook's settings on the CPU, before its first epoch. */
export function openRun(): Run {
  const info = {
    name: 'cpu',
    adapter: 'scripted',
    precision: 'float32',
    isSoftware: false,
  } as const;
  const opened = { id: 1, info, setupMilliseconds: 1, batchesPerEpoch: 1, plan: null };
  return new Run(checkConfiguration({}), opened, { schedule: 'auto', tuning: 'off' });
}
