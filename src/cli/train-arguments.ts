/** The command line of `npm run train`: every field of the configuration is a flag. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import {
  askFor,
  type FileDatasetName,
  type FileReference,
  MissingFileError,
  parseFileDataset,
} from '../data/file-dataset';
import { datasetOf } from '../data/registry';
import { type PlanOptions, SCHEDULE_CHOICES, TUNING_MODES } from '../gpu/plan/choices';
import { BACKEND_NAMES, type BackendName } from '../training/backend';
import { allowedValues, checkConfiguration, checkOneForm } from '../training/configuration/check';
import { FIELD_HELP } from '../training/configuration/field-help';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
  type FieldGroup,
} from '../training/configuration/fields';
import { settingsFromJson } from '../training/configuration/json';
import { listProblem } from '../training/configuration/list-problem';
import { keyOfName, OLD_CLASSES_NAME, toFlag, toSnakeCase } from '../training/configuration/names';
import { formatField, parseField } from '../training/configuration/text';
import { InvalidInputError } from '../training/errors';
import { settingsOf } from '../training/files/settings-of';
import { askForStart, MissingStartError, parseStart } from '../training/files/start-reference';
import { jsonOfText, textOfFile } from '../training/files/text-file';
import { findPreset, NAMED_PRESETS } from '../training/presets';
import {
  choiceFlag,
  type Flag,
  type Flags,
  integerFlag,
  quote,
  readFlags,
  readValue,
  refuse,
  switchFlag,
  UsageError,
} from './arguments';
import { CLEAR_TUNING_FLAG, isToClearTuning } from './clear-tuning';
import { FASHION_MNIST, FASHION_MNIST_HELP, fashionMnistFolder } from './fashion-mnist';
import { isFileError, whyNotRead } from './file-errors';
import type { OwnData } from './own-data';
import { type RuntimeChoice, runtimeFlag } from './runtime';
import type { StartArgument } from './start-file';

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
  readonly backend: BackendName;
  readonly webgpu: PlanOptions;
  /** Where webgpu runs. */
  readonly runtime: RuntimeChoice;
  /** Of the backend cpu. */
  readonly threads: number;
  readonly printEvery: number;
  /** Time each kernel after the run. */
  readonly kernelTimes: boolean;
  /** The file for the trace of the run. */
  readonly trace?: string;
  /** The file for the parameters in the end. */
  readonly save?: string;
  /** One JSON document on standard output instead of the report. */
  readonly json: boolean;
}

/** Flags that are no settings of the configuration. */
export const RUN_FLAGS = {
  '--backend': choiceFlag(
    BACKEND_NAMES,
    'Who computes: webgpu in a headless Chromium or in Dawn, cpu in WebAssembly, reference in float64 loops.',
  ),
  '--runtime': runtimeFlag('auto'),
  '--preset': {
    kind: 'value',
    allowed: `the name of a preset, its beginning, or ${ALL_PRESETS}`,
    help: `Take the settings of a preset; a beginning that fits only one is enough; flags win.
With ${ALL_PRESETS}: train the notebook and its challenges in turn and print a table.
${NAMED_PRESETS.map(({ name }) => name).join(', ')}`,
  },
  '--schedule-kind': choiceFlag(SCHEDULE_CHOICES, 'How webgpu lays the network out as kernels.'),
  '--tune': choiceFlag(
    TUNING_MODES,
    'Measure the plans on this adapter and take the fastest: on keeps what it measured, force measures again.',
  ),
  '--tune-seconds': integerFlag(
    [1, 3600],
    5,
    'About how many seconds measuring the plans may take; more time tries more of them.',
  ),
  '--threads': integerFlag(
    [1, 1024],
    availableParallelism(),
    'Threads that the backend cpu uses where its products are large enough; any number gives the same numbers.',
  ),
  '--clear-tuning': CLEAR_TUNING_FLAG,
  '--plan': switchFlag(
    'Train nothing; print each schedule’s dispatches, bytes and kernels with their shapes and workgroups, or why it declines the network; with --json as one document. Needs no GPU.',
  ),
  '--kernel-times': switchFlag(
    'After the run, time each kernel of its plan by the device’s own clock, where it offers timestamp queries. Only for webgpu.',
  ),
  '--trace': {
    kind: 'value',
    allowed: 'the name of a file to write',
    help: 'Write the run’s times to a file in Chrome’s trace format, for chrome://tracing or Perfetto; of webgpu with those of each kernel of a step.',
  },
  '--save': {
    kind: 'value',
    allowed: 'the name of a JSON file to write',
    help: 'Write the parameters to a file when training ends: the page loads it under Export, and another run begins with its layers by --from.',
  },
  '--json': switchFlag('Print one JSON document on standard output, progress on standard error.'),
  '--print-every': integerFlag(
    [1, 1_000_000],
    100,
    'Print a line for the first epoch, for every Nth and for the last.',
  ),
  '--data': {
    kind: 'value',
    allowed: 'the name of a CSV, TSV, NPY or NPZ file, or of a folder with IDX files',
    help: 'Train on data of your own: a table with a row for each sample and its class in one of the columns, or a folder with the four files of MNIST, Fashion-MNIST or the like, gzipped or not.',
  },
  '--label-column': {
    kind: 'value',
    allowed: 'the name of a column, or its number from 1',
    help: 'The column with the classes; by default the one that is called label, class, target or the like, or the last.',
  },
  '--drop-missing': switchFlag('Leave out rows of the table that lack a value.'),
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
        help: key === 'dataset' ? `${FIELD_HELP[key]} ${FASHION_MNIST_HELP}` : FIELD_HELP[key],
        fallback: formatField(DEFAULTS[key]),
      },
    ]),
  );
}

/**
 * The flags, of which a data set that is a folder on this machine is one with data of one's own.
 *
 * @param from - stands for the file that `--from` names
 */
function flagsOf(args: readonly string[], from?: string): ReadonlyMap<string, string> {
  const values = new Map(readFlags(args, { ...RUN_FLAGS, ...settingFlags() }));
  if (from !== undefined) values.set('--from', from);
  if (values.get('--dataset') !== FASHION_MNIST) return values;
  values.delete('--dataset');
  if (!values.has('--data')) values.set('--data', fashionMnistFolder());
  return values;
}

/**
 * The file that `--from` names, and what the settings beneath it say of one; undefined where there is none, or
 * it is named by what is in it.
 *
 * @throws UsageError as `readTrainArguments`
 */
export function readStartArgument(args: readonly string[]): StartArgument | undefined {
  const values = flagsOf(args);
  const path = values.get('--from');
  const isFile = path !== undefined && path !== '' && parseStart(path) === undefined;
  if (!isFile || values.has('--help')) return undefined;
  const wanted = parseStart(`${readBase(values).from ?? ''}`);
  return { path, ...(wanted !== undefined && { wanted }) };
}

/**
 * What a command line says of a file with data, and what its configuration says of one.
 *
 * @param from - as `readTrainArguments`
 * @throws UsageError as `readTrainArguments`
 */
export function readDataArguments(
  args: readonly string[],
  from?: string,
): {
  readonly data?: OwnData;
  readonly wanted?: FileReference;
} {
  const values = flagsOf(args, from);
  const path = values.get('--data');
  const labelColumn = values.get('--label-column');
  if (values.has('--help')) return {};
  if (path === undefined) {
    for (const flag of ['--label-column', '--drop-missing']) {
      if (values.has(flag)) throw new UsageError(`${flag} has no effect without --data`);
    }
    return {};
  }
  if (values.get('--preset') === ALL_PRESETS) {
    throw new UsageError(`--data is not allowed with --preset ${ALL_PRESETS}`);
  }
  const { dataset } = { ...readBase(values), ...readSettings(values) };
  const wanted = parseFileDataset(`${dataset ?? ''}`);
  if (values.has('--dataset') && wanted === undefined) {
    throw new UsageError('--dataset is not allowed with --data, which is the data set');
  }
  return {
    data: {
      path,
      ...(labelColumn !== undefined && { labelColumn }),
      ...(values.has('--drop-missing') && { dropMissing: true }),
    },
    ...(wanted !== undefined && { wanted }),
  };
}

/**
 * What a command line asks for. Flags win over the preset, and over the file that `--config` names.
 *
 * @param brought - the data set of `--data`, which has been read
 * @param from - what a configuration says of the file of `--from`, which has been read
 * @throws UsageError in one line, for a flag, a value or a file that is not allowed
 */
export function readTrainArguments(
  args: readonly string[],
  brought?: FileDatasetName,
  from?: string,
): TrainArguments {
  const values = flagsOf(args, from);
  checkFiles(flagsOf(args));
  const task = taskOf(values);
  const backend = readValue(values, '--backend', RUN_FLAGS['--backend']);
  const schedule = readValue(values, '--schedule-kind', RUN_FLAGS['--schedule-kind']);
  const tuning = readValue(values, '--tune', RUN_FLAGS['--tune']);
  const tuningSeconds = readValue(values, '--tune-seconds', RUN_FLAGS['--tune-seconds']);
  const trace = values.get('--trace');
  const save = values.get('--save');
  const settings = readSettings(values);
  checkTogether(values, task, backend);
  return {
    help: values.has('--help'),
    task,
    configuration: task === 'run-all' ? DEFAULTS : readConfiguration(values, settings, brought),
    settings,
    backend,
    webgpu: { schedule, tuning, ...(values.has('--tune-seconds') && { tuningSeconds }) },
    runtime: readValue(values, '--runtime', RUN_FLAGS['--runtime']),
    threads: readValue(values, '--threads', RUN_FLAGS['--threads']),
    printEvery: readValue(values, '--print-every', RUN_FLAGS['--print-every']),
    kernelTimes: values.has('--kernel-times') || (trace !== undefined && backend === 'webgpu'),
    ...(trace !== undefined && { trace }),
    ...(save !== undefined && { save }),
    json: values.has('--json'),
  };
}

function taskOf(values: ReadonlyMap<string, string>): TrainTask {
  if (isToClearTuning(values)) return 'clear-tuning';
  if (values.get('--preset') === ALL_PRESETS) return 'run-all';
  return values.has('--plan') ? 'plan' : 'train';
}

/** Refuses flags that would have no effect. */
function checkTogether(
  values: ReadonlyMap<string, string>,
  task: TrainTask,
  backend: BackendName,
): void {
  const rules: readonly [when: boolean, flags: readonly (keyof typeof RUN_FLAGS)[], why: string][] =
    [
      [values.has('--preset'), ['--config'], '--preset: only one of them gives the settings'],
      [
        task === 'run-all',
        ['--plan', '--print-every', '--kernel-times', '--trace', '--save'],
        `--preset ${ALL_PRESETS}, which prints a table`,
      ],
      [
        task === 'plan',
        [
          ...(['--runtime', '--threads', '--tune', '--tune-seconds', '--print-every'] as const),
          ...(['--kernel-times', '--trace', '--save'] as const),
        ],
        '--plan, which trains nothing',
      ],
      [
        backend !== 'webgpu',
        ['--plan', '--runtime', '--schedule-kind', '--tune', '--tune-seconds', '--kernel-times'],
        `--backend ${backend}: it is for webgpu`,
      ],
      [backend !== 'cpu', ['--threads'], `--backend ${backend}: it is for cpu`],
    ];
  if (values.has('--tune-seconds') && (values.get('--tune') ?? 'off') === 'off') {
    throw new UsageError('--tune-seconds has no effect without --tune on or --tune force');
  }
  for (const [when, flags, why] of rules) {
    const flag = flags.find((candidate) => when && values.has(candidate));
    if (flag !== undefined) throw new UsageError(`${flag} is not allowed with ${why}`);
  }
}

/** Refuses to write over a file that is read, or that is written as well. */
function checkFiles(values: ReadonlyMap<string, string>): void {
  const files = (['--data', '--config', '--from', '--save', '--trace'] as const).flatMap((flag) => {
    const path = values.get(flag);
    return path === undefined ? [] : [{ flag, path: placeOf(path) }];
  });
  for (const { flag, path } of files) {
    if (flag !== '--save' && flag !== '--trace') continue;
    const other = files.find((file) => file.flag !== flag && file.path === path);
    if (path === undefined || other === undefined) continue;
    throw new UsageError(`${flag} names the file of ${other.flag}; give it another`);
  }
}

/** Where a file lies, by whichever name; undefined of what is no file, as a terminal is none. */
function placeOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    // It is still to be written; or whoever opens it says why it cannot be.
    return resolve(path);
  }
}

/** The settings that have flags of their own, each checked by itself. */
function readSettings(values: ReadonlyMap<string, string>): Partial<Configuration> {
  const given = [...values].flatMap(([flag, text]) => {
    const name = flag.slice(2).replaceAll('-', '_');
    const key = name === OLD_CLASSES_NAME ? 'classes' : keyOfName(name);
    if (key === undefined) return [];
    return [
      [
        name,
        withUsageErrors(
          () => parseSetting(key, text),
          () => flag,
        ),
      ] as const,
    ];
  });
  return withUsageErrors(() => settingsFromJson(Object.fromEntries(given)));
}

/** A field's value; of a list that is none only what is wrong is told, and the help tells the rest. */
function parseSetting(key: ConfigurationKey, text: string): Configuration[ConfigurationKey] {
  try {
    return parseField(key, text);
  } catch (error) {
    const problem = error instanceof InvalidInputError ? listProblem(key, text) : undefined;
    if (problem === undefined) throw error;
    throw new InvalidInputError(toSnakeCase(key), text, `${problem}; --help has the rest`);
  }
}

/** Flags and what they win over are put together before they are checked: both may be needed. */
function readConfiguration(
  values: ReadonlyMap<string, string>,
  settings: Partial<Configuration>,
  brought: FileDatasetName | undefined,
): Configuration {
  const file = values.get('--config');
  const nameInFile = (name: string) => `--config ${quote(file ?? '')}: ${name}`;
  const base = readBase(values);
  // Hidden layers in one form on the command line win over those of the other form beneath it.
  const twice =
    'layers' in settings ? ['hidden', 'activation'] : 'hidden' in settings ? ['layers'] : [];
  const beneath = Object.entries(base).filter(([key]) => !twice.includes(key));
  const given: Partial<Configuration> = { ...Object.fromEntries(beneath), ...settings };
  const merged =
    brought === undefined ? given : { ...classesOf(brought), ...given, dataset: brought };
  return withUsageErrors(
    () => {
      checkOneForm(merged);
      return checkConfiguration(merged);
    },
    (name) => {
      const key = keyOfName(name) ?? '';
      return file !== undefined && key in base && !(key in settings)
        ? nameInFile(name)
        : flagOf(name);
    },
  );
}

/** The settings of a file or a preset, which flags win over. */
function readBase(values: ReadonlyMap<string, string>): Partial<Configuration> {
  const file = values.get('--config');
  const preset = values.get('--preset');
  if (file !== undefined) {
    return withUsageErrors(
      () => settingsFromJson(readFile(file)),
      (name) => `--config ${quote(file)}: ${name}`,
    );
  }
  return preset === undefined || preset === ALL_PRESETS ? {} : readPreset(preset);
}

/** All classes of a table: nobody knows their numbers. */
function classesOf(dataset: FileDatasetName): Pick<Configuration, 'classes'> {
  return { classes: [...datasetOf(dataset).classNames.keys()] };
}

function readPreset(name: string): Partial<Configuration> {
  try {
    return findPreset(name).configuration;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return refuse('--preset', name, `${error.allowed}; or ${ALL_PRESETS}`);
  }
}

/** What `read` gives; an input that is not allowed becomes a UsageError. */
function withUsageErrors<T>(read: () => T, nameOf = flagOf): T {
  try {
    return read();
  } catch (error) {
    throw usageErrorOf(error, nameOf);
  }
}

/**
 * For an input that is not allowed, one line with the name that the command line has for it; other
 * errors as they are.
 */
export function usageErrorOf(error: unknown, nameOf = flagOf): unknown {
  if (error instanceof MissingFileError) {
    return new UsageError(`--dataset: ${askFor(error.reference)} Give it with --data`);
  }
  if (error instanceof MissingStartError) {
    const { reference } = error;
    const how =
      'preset' in reference
        ? `Train it with --preset ${reference.preset} --save FILE, and give the file`
        : 'Give it';
    return new UsageError(`--from: ${askForStart(reference)} ${how} with --from`);
  }
  if (!(error instanceof InvalidInputError)) return error;
  const { field, message } = error;
  return new UsageError(nameOf(field) + message.slice(field.length).replaceAll(/\s+/g, ' '));
}

/** The flag of a setting; what is no setting keeps its name. */
function flagOf(name: string): string {
  return keyOfName(name) === undefined && name !== OLD_CLASSES_NAME ? name : toFlag(name);
}

/**
 * The settings in a JSON file of this project.
 *
 * @throws UsageError in one line, where it cannot be read or is something else
 */
function readFile(file: string): Readonly<Record<string, unknown>> {
  try {
    return settingsOf(file, jsonOfText(file, textOfFile(file, readFileSync(file))));
  } catch (error) {
    const isInvalid = error instanceof InvalidInputError;
    if (!isInvalid && !isFileError(error)) throw error;
    const why = isInvalid ? error.allowed : whyNotRead(error);
    throw new UsageError(`--config ${quote(file)}: ${why}; a JSON file of settings is wanted`);
  }
}
