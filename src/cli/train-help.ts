/** What `npm run train -- --help` prints: every flag with its default and what is allowed. */
import type { FieldGroup } from '../training/configuration/fields';
import { flagsHelp } from './arguments';
import { RUN_FLAGS, settingFlags } from './train-arguments';

const GROUP_TITLES = {
  data: 'Data',
  network: 'Network',
  optimizer: 'Optimizer',
  schedule: 'Learning-rate schedule',
  regularization: 'Regularization',
  run: 'Length of the run',
} as const satisfies Record<FieldGroup, string>;

/** The help text. */
export function trainHelp(): string {
  const groups = (Object.keys(GROUP_TITLES) as FieldGroup[]).map(
    (group) => `${GROUP_TITLES[group]}\n${flagsHelp(settingFlags(group))}`,
  );
  return [
    'Trains a network without a display and prints what the notebook prints.',
    'Usage: npm run train -- [flags]      --flag value and --flag=value are the same',
    flagsHelp(RUN_FLAGS),
    ...groups,
  ].join('\n\n');
}
