/** The command line of `npm run train`: every field of the configuration is a flag. */
import { readFileSync } from 'node:fs';
import { type PlanOptions, SCHEDULE_CHOICES, TUNING_MODES } from '../gpu/plan/choices';
import { allowedValues } from '../training/configuration/check';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  DEFAULTS,
  FIELDS,
  type FieldGroup,
  keyOfName,
  OLD_CLASSES_NAME,
  toFlag,
  toSnakeCase,
  withPresentNames,
} from '../training/configuration/fields';
import { configurationFromJson } from '../training/configuration/json';
import { formatField, parseField } from '../training/configuration/text';
import { InvalidInputError } from '../training/errors';
import { findPreset, PRESETS } from '../training/presets';
import {
  choiceFlag,
  type Flag,
  type Flags,
  quote,
  readFlags,
  readInteger,
  switchFlag,
  UsageError,
} from './arguments';
import { CLEAR_TUNING_FLAG, isToClearTuning } from './clear-tuning';

/** The backends that a run can be asked for. */
const TRAIN_BACKENDS = ['webgpu', 'cpu', 'reference'] as const;
export type TrainBackend = (typeof TRAIN_BACKENDS)[number];

/** The name that `--preset` has for all of them. */
const ALL_PRESETS = 'all';

/**
 * `train`: one configuration. `plan`: print its plan only. `run-all`: train every preset.
 * `clear-tuning`: forget what tuning measured.
 */
type TrainTask = 'train' | 'plan' | 'run-all' | 'clear-tuning';

export interface TrainArguments {
  readonly help: boolean;
  readonly task: TrainTask;
  /** What is trained or planned; the defaults with `run-all`. */
  readonly configuration: Configuration;
  /** The settings that have flags of their own; with `run-all` they replace every preset's. */
  readonly settings: Partial<Configuration>;
  readonly backend: TrainBackend;
  readonly webgpu: Partial<PlanOptions>;
  readonly printEvery: number;
  /** Time each kernel after the run. */
  readonly kernelTimes: boolean;
  /** One JSON document on standard output instead of the report. */
  readonly json: boolean;
}

/** Flags that are no settings of the configuration. */
export const RUN_FLAGS = {
  '--backend': choiceFlag(
    TRAIN_BACKENDS,
    'Who computes: webgpu in a headless Chromium, cpu in WebAssembly, reference in float64 loops.',
  ),
  '--preset': {
    kind: 'value',
    allowed: `the name of a preset, its beginning, or ${ALL_PRESETS}`,
    help: `Take the settings of a preset; a beginning that fits only one is enough; flags win.
With ${ALL_PRESETS}: train every preset in turn and print a table.
${PRESETS.map(({ name }) => name)
  .join(', ')
  .replaceAll(/(.{1,78}) /g, '$1\n')}`,
  },
  '--schedule-kind': choiceFlag(SCHEDULE_CHOICES, 'How webgpu lays the network out as kernels.'),
  '--tune': choiceFlag(
    TUNING_MODES,
    `Measure the plans on this adapter and take the fastest: on keeps what it measured, force
measures again.`,
  ),
  '--clear-tuning': CLEAR_TUNING_FLAG,
  '--plan':
    switchFlag(`Train nothing; print each schedule's dispatches, bytes and kernels with their shapes and
workgroups, or why it declines the network. Needs no GPU.`),
  '--kernel-times':
    switchFlag(`After the run, time each kernel of its plan by the device's own clock, where it offers
timestamp queries. Only for webgpu.`),
  '--json': switchFlag('Print one JSON document on standard output, progress on standard error.'),
  '--print-every': {
    kind: 'value',
    allowed: 'an integer from 1 to 1000000',
    fallback: '100',
    help: 'Print a line for the first epoch and for every Nth.',
  },
  '--config': {
    kind: 'value',
    allowed: 'the name of a JSON file',
    help: 'Take settings from a JSON file, with the names below in snake_case; flags win.',
  },
  '--digits': {
    kind: 'value',
    allowed: allowedValues('classes'),
    help: 'The old name of --classes; with it, --seed is the split’s seed, too.',
  },
  '--help': switchFlag('Print this.'),
} as const satisfies Flags;

/** The settings of a group, or all, as flags: each field of the configuration is one. */
export function settingFlags(group?: FieldGroup): Flags {
  const keys = CONFIGURATION_KEYS.filter(
    (key) => group === undefined || FIELDS[key].group === group,
  );
  return Object.fromEntries(
    keys.map((key): [string, Flag] => [
      toFlag(key),
      {
        kind: FIELDS[key].kind === 'boolean' ? 'boolean' : 'value',
        allowed: allowedValues(key),
        help: FIELDS[key].help,
        fallback: formatField(DEFAULTS[key]),
      },
    ]),
  );
}

/**
 * What a command line asks for. Flags win over the preset, and over the file that `--config` names.
 *
 * @throws UsageError in one line, for a flag, a value or a file that is not allowed
 */
export function readTrainArguments(args: readonly string[]): TrainArguments {
  const values = readFlags(args, { ...RUN_FLAGS, ...settingFlags() });
  const task = taskOf(values);
  const backend = readChoice(values, '--backend', TRAIN_BACKENDS) ?? 'webgpu';
  const schedule = readChoice(values, '--schedule-kind', SCHEDULE_CHOICES);
  const tuning = readChoice(values, '--tune', TUNING_MODES);
  const settings = readSettings(values);
  checkTogether(values, task, backend);
  const printEvery = values.get('--print-every') ?? RUN_FLAGS['--print-every'].fallback;
  return {
    help: values.has('--help'),
    task,
    configuration: task === 'run-all' ? DEFAULTS : readConfiguration(values, settings),
    settings,
    backend,
    webgpu: {
      ...(schedule !== undefined && { schedule }),
      ...(tuning !== undefined && { tuning }),
    },
    printEvery: readInteger('--print-every', printEvery, 1, 1_000_000),
    kernelTimes: values.has('--kernel-times'),
    json: values.has('--json'),
  };
}

function taskOf(values: ReadonlyMap<string, string>): TrainTask {
  if (isToClearTuning(values)) return 'clear-tuning';
  if (values.get('--preset') === ALL_PRESETS) return 'run-all';
  return values.has('--plan') ? 'plan' : 'train';
}

/** One of a few words; undefined where the flag is not given. */
function readChoice<Choice extends string>(
  values: ReadonlyMap<string, string>,
  flag: '--backend' | '--schedule-kind' | '--tune',
  choices: readonly Choice[],
): Choice | undefined {
  const text = values.get(flag);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`${flag}: ${quote(text)} is not allowed; ${RUN_FLAGS[flag].allowed}`);
}

/** Refuses flags that would have no effect. */
function checkTogether(
  values: ReadonlyMap<string, string>,
  task: TrainTask,
  backend: TrainBackend,
): void {
  const refuse = (flags: readonly (keyof typeof RUN_FLAGS)[], why: string) => {
    const flag = flags.find((candidate) => values.has(candidate));
    if (flag !== undefined) throw new UsageError(`${flag} is not allowed with ${why}`);
  };
  if (values.has('--preset')) refuse(['--config'], '--preset: only one of them gives the settings');
  switch (task) {
    case 'run-all':
      refuse(
        ['--plan', '--print-every', '--kernel-times'],
        `--preset ${ALL_PRESETS}, which prints a table`,
      );
      break;
    case 'plan':
      refuse(
        ['--tune', '--json', '--print-every', '--kernel-times'],
        '--plan, which trains nothing',
      );
      break;
    case 'train':
    case 'clear-tuning':
      break;
    default:
      task satisfies never;
  }
  if (backend !== 'webgpu') {
    refuse(
      ['--plan', '--schedule-kind', '--tune', '--kernel-times'],
      `--backend ${backend}: it is for webgpu`,
    );
  }
}

/** The settings that have flags of their own, each checked by itself. */
function readSettings(values: ReadonlyMap<string, string>): Partial<Configuration> {
  const names = [...CONFIGURATION_KEYS.map(toSnakeCase), OLD_CLASSES_NAME];
  const given = names.flatMap((name) => {
    const text = values.get(toFlag(name));
    return text === undefined ? [] : [[name, text] as const];
  });
  return withUsageErrors(() => {
    const texts = withPresentNames(Object.fromEntries(given));
    const settings: Record<string, unknown> = {};
    for (const key of CONFIGURATION_KEYS) {
      const text = texts[toSnakeCase(key)];
      if (text !== undefined) settings[key] = parseField(key, text);
    }
    return settings as Partial<Configuration>;
  });
}

/** Flags and what they win over are put together before they are checked: both may be needed. */
function readConfiguration(
  values: ReadonlyMap<string, string>,
  settings: Partial<Configuration>,
): Configuration {
  const file = values.get('--config');
  const preset = values.get('--preset');
  const base =
    file !== undefined ? readSettingsFile(file) : preset !== undefined ? readPreset(preset) : {};
  const flags = toJson(settings);
  // Hidden layers in one form on the command line win over those of the other form beneath it.
  const twice = 'layers' in flags ? ['hidden', 'activation'] : 'hidden' in flags ? ['layers'] : [];
  const beneath = Object.fromEntries(
    Object.entries(base).filter(([name]) => !twice.includes(name)),
  );
  const isOfFile = (name: string) => Object.hasOwn(base, name) && !Object.hasOwn(flags, name);
  return withUsageErrors(
    () => configurationFromJson({ ...beneath, ...flags }),
    (name) => (isOfFile(name) ? file : undefined),
  );
}

function readPreset(name: string): Record<string, unknown> {
  try {
    return toJson(findPreset(name).configuration);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const allowed = `${error.allowed}; or ${ALL_PRESETS}`;
    throw new UsageError(`--preset: ${quote(name)} is not allowed; ${allowed}`);
  }
}

function readSettingsFile(file: string): Readonly<Record<string, unknown>> {
  return withUsageErrors(
    () => withPresentNames(readFile(file)),
    () => file,
  );
}

/** Settings with names in snake_case. */
function toJson(settings: Partial<Configuration>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [toSnakeCase(key), value]),
  );
}

/**
 * What `read` gives; an input that is not allowed becomes a UsageError.
 *
 * @param fileOf - the file that a field came from, if it was one
 */
function withUsageErrors<T>(read: () => T, fileOf?: (field: string) => string | undefined): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new UsageError(describeInvalidInput(error, fileOf?.(error.field)));
  }
}

/**
 * One line on an input that is not allowed, with the name that the command line has for it.
 *
 * @param file - the file that it came from, if it was one
 */
export function describeInvalidInput(error: InvalidInputError, file?: string): string {
  const message = error.message.replaceAll(/\s+/g, ' ');
  if (file !== undefined) return `--config ${quote(file)}: ${message}`;
  return keyOfName(error.field) === undefined && error.field !== OLD_CLASSES_NAME
    ? message
    : message.replace(error.field, toFlag(error.field));
}

/** The settings in a JSON file: the document itself, or its `config`, as fixtures and `--json` have it. */
function readFile(file: string): Record<string, unknown> {
  const refuse = (problem: string): never => {
    throw new UsageError(
      `--config: ${quote(file)} ${problem}; a JSON file of settings with names in snake_case`,
    );
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('is not JSON');
  }
  const settings = isRecord(json) && isRecord(json.config) ? json.config : json;
  return isRecord(settings) ? { ...settings } : refuse('holds no object');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
