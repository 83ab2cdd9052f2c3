/** The command line of `npm run train`: every field of the configuration is a flag. */
import { readFileSync } from 'node:fs';
import {
  allowedValues,
  CONFIGURATION_KEYS,
  type Configuration,
  configurationFromJson,
  FIELDS,
  keyOfName,
  parseField,
  toFlag,
  toSnakeCase,
} from '../training/configuration';
import { InvalidInputError } from '../training/errors';
import { type Flag, quote, readFlags, readInteger, UsageError } from './arguments';

/** The backends that a run can be asked for. */
export const TRAIN_BACKENDS = ['webgpu', 'reference'] as const;
export type TrainBackend = (typeof TRAIN_BACKENDS)[number];

export const DEFAULT_PRINT_EVERY = 100;

export interface TrainArguments {
  readonly help: boolean;
  readonly configuration: Configuration;
  readonly backend: TrainBackend;
  readonly printEvery: number;
  /** One JSON document on standard output instead of the report. */
  readonly json: boolean;
}

/** Flags that are no settings of the configuration. */
const RUN_FLAGS = {
  '--backend': { kind: 'value', allowed: `one of ${TRAIN_BACKENDS.join(', ')}` },
  '--config': { kind: 'value', allowed: 'the name of a JSON file' },
  '--print-every': { kind: 'value', allowed: 'an integer from 1 to 1000000' },
  '--json': { kind: 'switch', allowed: 'no value' },
  '--help': { kind: 'switch', allowed: 'no value' },
} as const satisfies Record<string, Flag>;

const FLAGS: Readonly<Record<string, Flag>> = {
  ...RUN_FLAGS,
  ...Object.fromEntries(
    CONFIGURATION_KEYS.map((key): [string, Flag] => [
      toFlag(key),
      {
        kind: FIELDS[key].kind === 'boolean' ? 'boolean' : 'value',
        allowed: allowedValues(key),
      },
    ]),
  ),
};

/**
 * What a command line asks for. Flags win over the file that `--config` names.
 *
 * @throws UsageError in one line, for a flag, a value or a file that is not allowed
 */
export function readTrainArguments(args: readonly string[]): TrainArguments {
  const values = readFlags(args, FLAGS);
  const file = values.get('--config');
  const backend = values.get('--backend') ?? 'webgpu';
  if (!isTrainBackend(backend)) {
    throw new UsageError(
      `--backend: ${quote(backend)} is not allowed; ${RUN_FLAGS['--backend'].allowed}`,
    );
  }
  const printEvery = values.get('--print-every') ?? String(DEFAULT_PRINT_EVERY);
  return {
    help: values.has('--help'),
    configuration: readConfiguration(values, file),
    backend,
    printEvery: readInteger('--print-every', printEvery, 1, 1_000_000),
    json: values.has('--json'),
  };
}

function isTrainBackend(name: string): name is TrainBackend {
  return TRAIN_BACKENDS.some((backend) => backend === name);
}

/** File and flags are put together before they are checked: what goes together may come from both. */
function readConfiguration(
  values: ReadonlyMap<string, string>,
  file: string | undefined,
): Configuration {
  const settings: Record<string, unknown> = file === undefined ? {} : readSettings(file);
  const inFile = new Set(Object.keys(settings));
  try {
    for (const key of CONFIGURATION_KEYS) {
      const text = values.get(toFlag(key));
      if (text === undefined) continue;
      inFile.delete(toSnakeCase(key));
      settings[toSnakeCase(key)] = parseField(key, text);
    }
    return configurationFromJson(settings);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const source = file !== undefined && inFile.has(error.field) ? file : undefined;
    throw new UsageError(describeInvalidInput(error, source));
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
  return keyOfName(error.field) === undefined
    ? message
    : message.replace(error.field, toFlag(error.field));
}

/** The settings in a JSON file: the document itself, or its `config`, as fixtures and `--json` have it. */
function readSettings(file: string): Record<string, unknown> {
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
