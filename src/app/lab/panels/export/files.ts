/** Runs as files: what is written, and the checks of what comes back. Names are Keras's, in snake_case. */
import * as v from 'valibot';
import { formatLayers } from '../../../../layers/layer';
import {
  hiddenLayersOf,
  type NetworkSpec,
  outputsOf,
  widthsOf,
} from '../../../../model/network-spec';
import { parameterLayout } from '../../../../model/parameter-layout';
import { toCsv } from '../../../../session/csv';
import type { EpochMetrics, TrainingState } from '../../../../training/backend';
import type { Configuration } from '../../../../training/configuration/fields';
import {
  configurationFromJson,
  configurationToJson,
} from '../../../../training/configuration/json';
import { InvalidInputError, messageOf } from '../../../../training/errors';
import type { History } from '../../../../training/history';
import { METRICS } from '../../../../training/metrics';
import type { SavedRun } from '../../../../training/trainer';

/** What a file says it is, so that another JSON file is told apart with a clear message. */
const FORMATS = {
  parameters: 'shaderprop-parameters',
  run: 'shaderprop-run',
} as const;
const VERSION = 1;

/** The history as a table: a line an epoch, counted from 1, in full precision. */
export function historyCsv(history: History): string {
  const columns = Object.entries(history.toRecord());
  const rows = Array.from({ length: history.length }, (_, epoch) => [
    epoch + 1,
    ...columns.map(([, values]) => values[epoch]),
  ]);
  return toCsv([['epoch', ...columns.map(([name]) => name)], ...rows]);
}

export function historyJson(history: History): string {
  return text(history.toRecord());
}

/** Every setting, as the command line takes it with `--config`. */
export function configurationFile(configuration: Configuration): string {
  return text(configurationToJson(configuration));
}

/** Parameters as named arrays, W as rows of (out, in). */
export function parametersFile(spec: NetworkSpec, parameters: Float64Array): string {
  const slices = parameterLayout(spec).slices.map(({ name, offset, length, shape }) => {
    const values = Array.from(parameters.subarray(offset, offset + length));
    return [name, shape.length === 1 ? values : rowsOf(values, shape[1])];
  });
  return text({
    format: FORMATS.parameters,
    version: VERSION,
    network: {
      input: spec.input,
      layers: formatLayers(hiddenLayersOf(spec)),
      outputs: outputsOf(spec),
    },
    parameters: Object.fromEntries(slices),
  });
}

export function runFile(configuration: Configuration, saved: SavedRun): string {
  const best = saved.best === undefined ? {} : { best: stateJson(saved.best) };
  return text({
    format: FORMATS.run,
    version: VERSION,
    configuration: configurationToJson(configuration),
    state: stateJson(saved.state),
    history: saved.history,
    ...best,
  });
}

/** A file that was read and checked as far as it can be without a network. */
type LoadedFile =
  | { readonly kind: 'configuration'; readonly configuration: Configuration }
  | { readonly kind: 'parameters'; readonly slices: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'run';
      readonly configuration: Configuration;
      readonly saved: SavedRun;
    };

/** Larger than any network that this page trains; a text of this size is read within seconds. */
export const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads a file of this page, or a bare configuration such as the command line takes.
 *
 * @throws InvalidInputError that names what is wrong and what is allowed
 */
export function readFile(source: string): LoadedFile {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (error) {
    const reason = messageOf(error);
    throw new InvalidInputError('file', source.slice(0, 40), `it is no JSON (${reason})`);
  }
  if (!isRecord(json)) throw new InvalidInputError('file', json, 'a JSON object');
  if (json.format === undefined) {
    return { kind: 'configuration', configuration: configurationFromJson(json) };
  }
  const known = Object.values(FORMATS);
  if (!known.some((format) => format === json.format)) {
    throw new InvalidInputError('format', json.format, `one of ${known.join(', ')}`);
  }
  if (json.version !== VERSION) {
    throw new InvalidInputError('version', json.version, `this page reads version ${VERSION}`);
  }
  switch (json.format) {
    case FORMATS.parameters:
      if (!isRecord(json.parameters)) {
        throw new InvalidInputError('parameters', json.parameters, 'an object of W1, b1, …');
      }
      return { kind: 'parameters', slices: json.parameters };
    default:
      return {
        kind: 'run',
        configuration: configurationFromJson(json.configuration),
        saved: checked(SAVED_RUN, json),
      };
  }
}

/**
 * The flat parameters of a network from the named arrays of a file.
 *
 * @throws InvalidInputError for a slice that is missing, of another size, unknown or not finite
 */
export function parametersOfFile(
  spec: NetworkSpec,
  slices: Readonly<Record<string, unknown>>,
): Float64Array {
  const layout = parameterLayout(spec);
  const stranger = Object.keys(slices).find(
    (name) => !layout.slices.some((slice) => slice.name === name),
  );
  if (stranger !== undefined) {
    const allowed = layout.slices.map(({ name }) => name).join(', ');
    throw new InvalidInputError(
      'parameters',
      stranger,
      `the network ${widthsOf(spec).join('→')} has ${allowed}`,
    );
  }
  const parameters = new Float64Array(layout.length);
  for (const { name, offset, shape } of layout.slices) {
    parameters.set(sliceOf(name, slices[name], shape), offset);
  }
  return parameters;
}

/** One slice: a list of numbers, or a list of rows. */
function sliceOf(name: string, value: unknown, shape: readonly number[]): Float64Array {
  const size = shape.join(' × ');
  if (!Array.isArray(value) || value.length !== shape[0]) {
    const found = Array.isArray(value) ? `${value.length} entries` : value;
    throw new InvalidInputError(name, found, `this network's ${name} is ${size}`);
  }
  if (shape.length === 1) return finiteNumbers(name, value);
  const rows = value.map((row: unknown, index) => {
    if (!Array.isArray(row) || row.length !== shape[1]) {
      const found = Array.isArray(row) ? `${row.length} values in row ${index + 1}` : row;
      throw new InvalidInputError(name, found, `this network's ${name} is ${size}`);
    }
    return finiteNumbers(name, row);
  });
  return concat(rows);
}

/** Says what an object lacks, or that it is none. */
const anObject = ({ path }: v.BaseIssue<unknown>) =>
  path === undefined ? 'an object' : 'it has to be there';
const FINITE = v.pipe(v.number('a finite number'), v.finite('a finite number'));
/** By one loop: there may be millions, and a schema for each would be felt. */
const NUMBERS = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return finiteNumbers('', dataset.value);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      addIssue({ input: error.value, message: error.allowed });
      return NEVER;
    }
  }),
);
/** As far as it can be checked without the network; `checkState` does the rest. */
const STATE = v.object(
  {
    epoch: FINITE,
    batch: FINITE,
    parameters: NUMBERS,
    optimizer: v.array(NUMBERS, 'a list of arrays'),
    running: v.object({ loss: FINITE, correct: FINITE }, anObject),
  },
  anObject,
);
const EPOCH = v.pipe(
  v.object(
    Object.fromEntries(
      METRICS.map(({ key, known }) => [key, known === 'always' ? FINITE : v.optional(FINITE)]),
    ),
    anObject,
  ),
  // The entries are those of every metric, so this is what they are.
  v.transform((metrics) => ({ ...metrics, finite: true }) as unknown as EpochMetrics),
);
const SAVED_RUN = v.object(
  {
    state: STATE,
    history: v.array(EPOCH, 'a list of epochs'),
    best: v.exactOptional(STATE),
  },
  anObject,
);

/** @throws InvalidInputError that names the first entry which is wrong: "history, epoch 1, loss" */
function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [{ path = [], input, message }] = issues;
  const names = path.map(({ key }) => (typeof key === 'number' ? `epoch ${key + 1}` : String(key)));
  throw new InvalidInputError(names.join(', '), input, message);
}

function stateJson({ epoch, batch, parameters, optimizer, running }: TrainingState) {
  return {
    epoch,
    batch,
    parameters: Array.from(parameters),
    optimizer: optimizer.map((array) => Array.from(array)),
    running,
  };
}

function finiteNumbers(field: string, values: unknown): Float64Array {
  if (!Array.isArray(values)) throw new InvalidInputError(field, values, 'a list of numbers');
  const wrong = values.find((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (wrong !== undefined || values.includes(undefined)) {
    throw new InvalidInputError(field, wrong, 'finite numbers only');
  }
  return Float64Array.from(values as number[]);
}

function concat(rows: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    values.set(row, offset);
    offset += row.length;
  }
  return values;
}

function rowsOf(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compact inside, a line for each top-level entry: small enough to send, and still readable. */
function text(entries: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(entries).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
