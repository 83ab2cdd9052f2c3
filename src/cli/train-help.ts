/** What `npm run train -- --help` prints: every flag with its default and what is allowed. */
import type { FieldGroup } from '../training/configuration/fields';
import { flagsHelp, widthOf } from './arguments';
import { RUN_FLAGS, settingFlags } from './train-arguments';

const GROUP_TITLES = {
  data: 'Data',
  network: 'Network',
  transfer: 'Transfer',
  optimizer: 'Optimizer',
  schedule: 'Learning-rate schedule',
  regularization: 'Regularization',
  run: 'Length of the run',
} as const satisfies Record<FieldGroup, string>;

/** The help text, whose groups begin in one column. */
export function trainHelp(): string {
  const width = widthOf({ ...RUN_FLAGS, ...settingFlags() });
  const groups = (Object.keys(GROUP_TITLES) as FieldGroup[]).map(
    (group) => `${GROUP_TITLES[group]}\n${flagsHelp(settingFlags(group), width)}`,
  );
  return [
    'Trains a network without a display and prints what the notebook prints.',
    'Usage: npm run train -- [flags]\nA value follows its flag after a space or an equals sign.',
    flagsHelp(RUN_FLAGS, width),
    ...groups,
  ].join('\n\n');
}
