/** Runs as files: what is written, and the checks of what comes back. Names are Keras's, in snake_case. */
import * as v from 'valibot';
import { formatLayers } from '../../layers/layer';
import { hiddenLayersOf, type NetworkSpec, outputsOf, widthsOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import type { EpochMetrics } from '../backend';
import type { Configuration } from '../configuration/fields';
import { configurationFromJson, configurationToJson } from '../configuration/json';
import { InvalidInputError } from '../errors';
import { METRICS } from '../metrics';
import type { SavedRun } from '../trainer';
import { anObject, checked, FINITE, NOT_NEGATIVE, NUMBERS, SHARE } from './checks';
import { fill, nested } from './nested-lists';
import { settingsOf } from './settings-of';
import { jsonOfText } from './text-file';

/** What a file says it is, so that another JSON file is told apart with a clear message. */
const FORMATS = {
  parameters: 'shaderprop-parameters',
  run: 'shaderprop-run',
} as const;
const VERSION = 1;

/** A text of this size is read within seconds; larger ones are neither saved nor loaded. */
export const MOST_BYTES = 256 * 1024 * 1024;
/** A number in a file at its longest, with a comma and the brackets of rows of one: `[[[-2.2250738585072014e-308]]],`. */
const NUMBER_BYTES = 32;

/** Every setting, as the command line takes it with `--config`. */
export function configurationFile(configuration: Configuration): string {
  return fileText(configurationToJson(configuration));
}

/**
 * Parameters as named arrays, nested by the shape of each: W of a dense layer as rows of (out, in).
 *
 * @param data - what they were trained on
 * @throws InvalidInputError before any text is made, where the file would be too large to be loaded again
 */
export function parametersFile(
  spec: NetworkSpec,
  parameters: Float64Array,
  { dataset, classes, scaling }: Pick<Configuration, 'dataset' | 'classes' | 'scaling'>,
): string {
  checkSize('parameters', parameters.length, 0);
  const slices = parameterLayout(spec).slices.map(({ name, offset, length, shape }) => [
    name,
    nested(parameters.subarray(offset, offset + length), shape),
  ]);
  return fileText({
    format: FORMATS.parameters,
    version: VERSION,
    network: networkEntry(spec),
    data: { dataset, classes, scaling },
    parameters: Object.fromEntries(slices),
  });
}

/**
 * A run with all that it needs to go on.
 *
 * @throws InvalidInputError before any text is made, where the file would be too large to be loaded again
 */
export function runFile(configuration: Configuration, saved: SavedRun): string {
  const { state, best, history } = saved;
  const arrays = [state, ...(best === undefined ? [] : [best])].flatMap((each) => [
    each.parameters,
    ...each.optimizer,
  ]);
  const numbers = arrays.reduce((sum, { length }) => sum + length, 0);
  const names = Object.keys(history[0] ?? {}).join('');
  const metrics = Object.keys(history[0] ?? {}).length;
  checkSize('run', numbers + metrics * history.length, names.length * history.length);
  const { run: format } = FORMATS;
  return fileText({
    ...{ format, version: VERSION, configuration: configurationToJson(configuration) },
    ...saved,
  });
}

/** Parameters as a file has them, with the network that they are of. */
export interface LoadedParameters {
  /** Neither is known of files that somebody else wrote: then the shapes alone have to fit. */
  readonly network?: v.InferOutput<typeof NETWORK>;
  readonly data?: v.InferOutput<typeof DATA>;
  readonly slices: Readonly<Record<string, unknown>>;
}

/** A file that was read and checked as far as it can be without a network. */
type LoadedFile =
  | { readonly kind: 'configuration'; readonly configuration: Configuration }
  | (LoadedParameters & { readonly kind: 'parameters' })
  | {
      readonly kind: 'run';
      readonly configuration: Configuration;
      readonly saved: SavedRun;
    };

/**
 * Reads a file of this page, a run of the command line (of which it takes the settings), or a bare
 * configuration.
 *
 * @param name - of the file, for messages
 * @throws InvalidInputError that names what is wrong and what is allowed
 */
export function readFile(name: string, source: string): LoadedFile {
  const json = jsonOfText(name, source);
  if (!(json instanceof Object && 'format' in json)) {
    return { kind: 'configuration', configuration: configurationFromJson(settingsOf(name, json)) };
  }
  const file = checked(FILE, json);
  if (file.format === FORMATS.parameters) {
    const { parameters: slices, network, data } = file;
    return {
      ...{ kind: 'parameters', slices },
      ...(network !== undefined && { network }),
      ...(data !== undefined && { data }),
    };
  }
  const configuration = configurationFromJson(file.configuration);
  return { kind: 'run', configuration, saved: file };
}

/**
 * The flat parameters of a network from the named arrays of a file.
 *
 * @throws InvalidInputError where the file's network has other layers or activations; for a slice that is
 * missing, of another size, unknown or not finite
 */
export function parametersOfFile(
  spec: NetworkSpec,
  { network, slices }: Omit<LoadedParameters, 'data'>,
): Float64Array {
  const own = networkEntry(spec);
  for (const part of ['input', 'layers', 'outputs'] as const) {
    if (network === undefined || textOf(network[part]) === textOf(own[part])) continue;
    const allowed = `the settings here have ${textOf(own[part])}; load the file’s first`;
    throw new InvalidInputError(`${part} of the network`, textOf(network[part]), allowed);
  }
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
  for (const slice of layout.slices) {
    const { name, offset, length } = slice;
    fill(parameters.subarray(offset, offset + length), slice, slices[name]);
  }
  return parameters;
}

/** What a file says of the network that its parameters are of. */
export function networkEntry(spec: NetworkSpec) {
  const layers = formatLayers(hiddenLayersOf(spec));
  return { input: [...spec.input], layers, outputs: outputsOf(spec) };
}

/** A part of a network as a message has it: `dense 16 sigmoid`, `1 × 8 × 8`. */
function textOf(part: string | number | readonly number[]): string {
  return (typeof part === 'object' ? part.join(' × ') : String(part)) || 'none';
}

/** As far as it can be checked without the network; `checkState` does the rest. */
const STATE = v.object(
  {
    epoch: FINITE,
    batch: FINITE,
    parameters: NUMBERS,
    optimizer: v.array(NUMBERS, 'a list of arrays'),
    running: v.object({ loss: NOT_NEGATIVE, correct: NOT_NEGATIVE }, anObject),
  },
  anObject,
);
const EPOCH = v.pipe(
  v.object(
    Object.fromEntries(
      METRICS.map(({ key, unit, known }) => {
        const value = unit === 'share of samples' ? SHARE : NOT_NEGATIVE;
        return [key, known === 'always' ? value : v.optional(value)];
      }),
    ),
    anObject,
  ),
  // The entries are those of every metric, so this is what they are.
  v.transform((metrics) => ({ ...metrics, finite: true }) as unknown as EpochMetrics),
);
/** What has to be the same for parameters to mean the same. */
const NETWORK = v.object(
  {
    input: v.array(FINITE, 'a list of sizes'),
    layers: v.string('the layers as text'),
    outputs: FINITE,
  },
  anObject,
);
/** What they were trained on. */
const DATA = v.object(
  {
    dataset: v.string('the name of a data set'),
    classes: v.array(FINITE, 'a list of classes'),
    scaling: v.string('the name of a scaling'),
  },
  anObject,
);
const VERSION_FIELD = v.literal(VERSION, `this page reads version ${VERSION}`);
const FILE = v.variant(
  'format',
  [
    v.object({
      format: v.literal(FORMATS.parameters),
      version: VERSION_FIELD,
      network: v.exactOptional(NETWORK),
      data: v.exactOptional(DATA),
      parameters: v.record(v.string(), v.unknown(), 'an object of W1, b1, …'),
    }),
    v.object(
      {
        format: v.literal(FORMATS.run),
        version: VERSION_FIELD,
        configuration: v.unknown(),
        state: STATE,
        history: v.array(EPOCH, 'a list of epochs'),
        best: v.exactOptional(STATE),
      },
      anObject,
    ),
  ],
  `one of ${Object.values(FORMATS).join(', ')}`,
);

/** Room for whatever a file has besides numbers and the names of metrics. */
const OTHER_BYTES = 64 * 1024;

/**
 * @param characters - of names that stand in the file
 * @throws InvalidInputError where a file of so many numbers may be larger than what is loaded
 */
function checkSize(file: string, numbers: number, characters: number): void {
  const room = MOST_BYTES - OTHER_BYTES - characters;
  if (numbers * NUMBER_BYTES <= room) return;
  const most = Math.max(0, Math.floor(room / NUMBER_BYTES)).toLocaleString('en');
  throw new InvalidInputError(
    `${file} as JSON`,
    `${numbers.toLocaleString('en')} numbers`,
    `a file of up to ${MOST_BYTES / 2 ** 20} MiB can be loaded again, which has room for ${most} numbers; nothing was saved`,
  );
}

/** Compact inside, a line for each top-level entry: small enough to send, and still readable. */
export function fileText(entries: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(entries).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value, plainLists)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** A replacer of `JSON.stringify`: typed arrays are lists in a file. */
function plainLists(_: string, value: unknown): unknown {
  return value instanceof Float64Array ? Array.from(value) : value;
}
