/** What `npm run train -- --help` prints: every flag with its default and what is allowed. */
import { SCHEDULE_CHOICES, TUNING_MODES } from '../gpu/choices';
import { allowedValues } from '../training/configuration/check';
import {
  CONFIGURATION_KEYS,
  DEFAULTS,
  FIELDS,
  type FieldGroup,
  toFlag,
} from '../training/configuration/fields';
import { formatField } from '../training/configuration/text';
import { PRESETS } from '../training/presets';
import { CLEAR_TUNING_HELP } from './clear-tuning';
import { ALL_PRESETS, DEFAULT_PRINT_EVERY, TRAIN_BACKENDS } from './train-arguments';

const GROUP_TITLES = {
  data: 'Data',
  network: 'Network',
  optimizer: 'Optimizer',
  schedule: 'Learning-rate schedule',
  regularization: 'Regularization',
  run: 'Length of the run',
} as const satisfies Record<FieldGroup, string>;

/** Names of the presets in lines of at most 80 characters. */
function presetNames(): string {
  const lines: string[] = [];
  for (const { name } of PRESETS) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + name.length < 78) lines.push(`${lines.pop()}, ${name}`);
    else lines.push(name);
  }
  return lines.join(`,\n${' '.repeat(19)}`);
}

const INTRODUCTION = `Trains a network without a display and prints what the notebook prints.

Usage: npm run train -- [flags]      --flag value and --flag=value are the same

  --backend        Who computes: webgpu in a headless Chromium, cpu in WebAssembly, reference in
                   float64 loops.
                   one of ${TRAIN_BACKENDS.join(', ')}; default ${TRAIN_BACKENDS[0]}
  --preset         Take the settings of a preset; a beginning that fits only one is enough; flags win.
                   With ${ALL_PRESETS}: train every preset in turn and print a table.
                   ${presetNames()}
  --schedule-kind  How webgpu lays the network out as kernels.
                   one of ${SCHEDULE_CHOICES.join(', ')}; default ${SCHEDULE_CHOICES[0]}
  --tune           Measure the plans on this adapter and take the fastest: on keeps what it measured,
                   force measures again.
                   one of ${TUNING_MODES.join(', ')}; default ${TUNING_MODES[0]}
  --clear-tuning   ${CLEAR_TUNING_HELP.join(`\n${' '.repeat(19)}`)}
  --plan           Train nothing; print each schedule's dispatches, bytes and kernels with their shapes
                   and workgroups, or why it declines the network. Needs no GPU.
  --kernel-times   After the run, time each kernel of its plan by the device's own clock, where it offers
                   timestamp queries. Only for webgpu.
  --json           Print one JSON document on standard output, progress on standard error.
  --print-every    Print a line for the first epoch and for every Nth.
                   an integer from 1 to 1000000; default ${DEFAULT_PRINT_EVERY}
  --config         Take settings from a JSON file, with the names below in snake_case; flags win.
  --help           Print this.`;

/** The help text. */
export function trainHelp(): string {
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
    const keys = CONFIGURATION_KEYS.filter((key) => FIELDS[key].group === group);
    const flags = keys.map((key) => {
      const value = formatField(DEFAULTS[key]);
      return [
        `  ${toFlag(key).padEnd(20)} ${FIELDS[key].help}`,
        `${' '.repeat(23)}${allowedValues(key)}; default ${value}`,
      ].join('\n');
    });
    return `${title}\n${flags.join('\n')}`;
  });
  return [INTRODUCTION, ...groups].join('\n\n');
}
