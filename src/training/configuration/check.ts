/** The one place where a configuration's values are checked, each alone and then together. */

import * as v from 'valibot';
import { formatPoints, parsePoints, pointUsage } from '../../data/added-points';
import { MOST_PIXEL_NOISE, mostShift } from '../../data/augmentation';
import { type Dataset, hasImages, isPlane, noiseMoves } from '../../data/dataset';
import { parseFileDataset } from '../../data/file-dataset';
import { datasetOf } from '../../data/registry';
import { formatLayers, layersUsage, misfitOf, parseLayers } from '../../layers/layer';
import { denseForm } from '../../model/network-spec';
import { InvalidInputError } from '../errors';
import { parseStart } from '../files/start-reference';
import { sampleShape } from '../network-of';
import { changesOf, changeUsage, formatChanges, parseChanges, settingsAt } from './changes';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
  type Field,
  type NumberField,
} from './fields';
import { toSnakeCase } from './names';

/** What is allowed in a field, in words: `a number above 0 and at most 1000`. */
export function allowedValues(key: ConfigurationKey): string {
  const field: Field = FIELDS[key];
  switch (field.kind) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${field.choices.join(', ')}`;
    case 'dataset':
      return `one of ${field.choices.join(', ')}, or a file of your own`;
    case 'integers': {
      const distinct = field.distinct ? 'different ' : '';
      return `${field.leastCount} to ${field.mostCount} ${distinct}integers from ${field.minimum} to ${field.maximum}, separated by commas`;
    }
    case 'layers':
      return `up to ${field.mostCount} layers separated by semicolons, each ${layersUsage()}`;
    case 'points':
      return `up to ${field.mostCount} points separated by semicolons, each ${pointUsage()}`;
    case 'start':
      return 'a file with parameters or a whole run, as the page’s Export writes it';
    case 'changes':
      return `up to ${field.mostCount} changes separated by semicolons, each ${changeUsage()}`;
    case 'integer':
    case 'number': {
      const noun = field.kind === 'integer' ? 'an integer' : 'a number';
      if (!field.aboveMinimum && !field.belowMaximum) {
        return `${noun} from ${field.minimum} to ${field.maximum}`;
      }
      const least = field.aboveMinimum ? `above ${field.minimum}` : `from ${field.minimum}`;
      const most = field.belowMaximum ? `below ${field.maximum}` : `at most ${field.maximum}`;
      return `${noun} ${least} and ${most}`;
    }
    default:
      return field satisfies never;
  }
}

function schemaOf(key: ConfigurationKey): v.GenericSchema {
  const field: Field = FIELDS[key];
  const allowed = allowedValues(key);
  switch (field.kind) {
    case 'boolean':
      return v.boolean(allowed);
    case 'choice':
      return v.picklist(field.choices, allowed);
    case 'dataset':
      return v.pipe(
        v.string(allowed),
        v.check(
          (text) =>
            field.choices.some((name) => name === text) || parseFileDataset(text) !== undefined,
          allowed,
        ),
      );
    case 'integers':
      return v.pipe(
        v.array(numberSchema({ ...field, kind: 'integer' }, allowed), allowed),
        v.minLength(field.leastCount, allowed),
        v.maxLength(field.mostCount, allowed),
        v.check((list) => !field.distinct || new Set(list).size === list.length, allowed),
      );
    case 'layers':
      return v.pipe(
        v.string(allowed),
        v.check((text) => {
          const layers = parseLayers(text);
          return layers !== undefined && layers.length <= field.mostCount;
        }, allowed),
      );
    case 'points':
      return v.pipe(
        v.string(allowed),
        v.check((text) => (parsePoints(text)?.length ?? Infinity) <= field.mostCount, allowed),
      );
    case 'start':
      return v.pipe(
        v.string(allowed),
        v.check((text) => text === '' || parseStart(text) !== undefined, allowed),
      );
    case 'changes':
      return v.pipe(
        v.string(allowed),
        v.check((text) => {
          const changes = parseChanges(text);
          return changes !== undefined && changes.length <= field.mostCount;
        }, allowed),
      );
    case 'integer':
    case 'number':
      return numberSchema(field, allowed);
    default:
      return field satisfies never;
  }
}

function numberSchema(field: NumberField, allowed: string) {
  return v.pipe(
    v.number(allowed),
    v.finite(allowed),
    v.check((value) => field.kind === 'number' || Number.isInteger(value), allowed),
    v.check((value) => value >= field.minimum && value <= field.maximum, allowed),
    v.check((value) => !field.aboveMinimum || value > field.minimum, allowed),
    v.check((value) => !field.belowMaximum || value < field.maximum, allowed),
  );
}

const SCHEMAS = Object.fromEntries(
  CONFIGURATION_KEYS.map((key) => [key, schemaOf(key)]),
) as Readonly<Record<ConfigurationKey, v.GenericSchema>>;

/**
 * Checks one value of one field.
 *
 * @throws InvalidInputError that names the field in snake_case, the value and what is allowed
 */
export function checkField(key: ConfigurationKey, value: unknown): void {
  const result = v.safeParse(SCHEMAS[key], value);
  if (!result.success)
    throw new InvalidInputError(toSnakeCase(key), value, result.issues[0].message);
}

/**
 * Fills up `values` with the defaults and checks everything, fields first, then how they go together.
 *
 * @throws InvalidInputError for the first value that is not allowed
 */
export function checkConfiguration(values: Partial<Configuration>): Configuration {
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(FIELDS, key)) {
      throw new InvalidInputError(
        toSnakeCase(key),
        values[key as ConfigurationKey],
        'there is no such setting',
      );
    }
  }
  const given = Object.entries({ ...DEFAULTS, ...values }).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(unsigned) : unsigned(value),
  ]);
  const merged = Object.fromEntries(given) as Configuration;
  for (const key of CONFIGURATION_KEYS) checkField(key, merged[key]);
  checkTogether(merged);
  checkChanges(merged);
  return {
    ...merged,
    ...shortestForm(merged),
    classes: [...merged.classes].sort((a, b) => a - b),
    points: formatPoints(parsePoints(merged.points) ?? []),
    fromLayers: merged.from === '' ? 0 : merged.fromLayers,
    changes: formatChanges(changesOf(merged)),
  };
}

/** The one zero: -0 is written as 0, and would come back as another value. */
function unsigned<Value>(value: Value): Value | 0 {
  return value === 0 ? 0 : value;
}

/** Layers as `hidden` and `activation` where those can say it, so that one network has one configuration. */
function shortestForm({ layers }: Configuration): Partial<Configuration> {
  const parsed = parseLayers(layers) ?? [];
  if (parsed.length === 0) return { layers: '' };
  const { hidden, activation } = DEFAULTS;
  const short = denseForm(parsed);
  return short === undefined
    ? { hidden, activation, layers: formatLayers(parsed) }
    : { ...short, layers: '' };
}

/**
 * Refuses settings, as somebody gave them, that tell the hidden layers twice.
 *
 * @throws InvalidInputError that says which to drop
 */
export function checkOneForm(values: Partial<Record<ConfigurationKey, unknown>>): void {
  if (values.layers === undefined || values.layers === '') return;
  for (const key of ['hidden', 'activation'] as const) {
    if (values[key] === undefined) continue;
    const allowed = `layers says it already: drop ${key}, or drop layers`;
    throw new InvalidInputError(key, values[key], allowed);
  }
}

/** Rules between fields. */
function checkTogether(configuration: Configuration): void {
  const { optimizer, momentum, nesterov, schedule, decayRate, minLearningRate } = configuration;
  const refuse = (key: ConfigurationKey, allowed: string): never => {
    throw new InvalidInputError(toSnakeCase(key), configuration[key], allowed);
  };
  const dataset = datasetOf(configuration.dataset);
  const { title, classNames } = dataset;
  const layers = parseLayers(configuration.layers) ?? [];
  const misfit = misfitOf(sampleShape(dataset), layers);
  if (misfit !== undefined) refuse('layers', misfit);
  const hidden = layers.length > 0 ? layers.length : configuration.hidden.length;
  if (configuration.freeze > hidden) {
    refuse('freeze', `at most ${hidden}, the number of hidden layers: the output layer is trained`);
  }
  const { from, fromLayers } = configuration;
  if (from !== '' && (fromLayers === 0 || fromLayers > hidden + 1)) {
    refuse(
      'fromLayers',
      `an integer from 1 to ${hidden + 1}, the number of layers with the output`,
    );
  }
  if (Math.max(...configuration.classes) >= classNames.length) {
    const names = classNames.map((name, index) =>
      name === `${index}` ? name : `${index} (${name})`,
    );
    refuse('classes', `${title} has the classes ${names.join(', ')}`);
  }
  checkAugmentation(configuration, dataset, refuse);
  const points = parsePoints(configuration.points) ?? [];
  if (isPlane(dataset) && points.some(({ label }) => label >= classNames.length)) {
    refuse('points', `${title} has the classes 0 to ${classNames.length - 1}`);
  }
  if (momentum > 0 && optimizer !== 'sgd')
    refuse('momentum', `with the optimizer ${optimizer} it has to be 0`);
  if (nesterov && momentum === 0) refuse('nesterov', 'it needs a momentum above 0');
  if ((schedule === 'step' || schedule === 'exponential') && !(decayRate > 0 && decayRate <= 1)) {
    refuse(
      'decayRate',
      `a number above 0 and at most 1 with the learning-rate schedule ${schedule}`,
    );
  }
  if (minLearningRate > configuration.learningRate) {
    refuse('minLearningRate', `at most the learning rate ${configuration.learningRate}`);
  }
  if (configuration.warmupEpochs > configuration.epochs) {
    refuse('warmupEpochs', `at most the number of epochs, ${configuration.epochs}`);
  }
}

/** Images can be moved and have noise, points that are drawn have noise, and tables have neither. */
function checkAugmentation(
  { shift, noise }: Configuration,
  dataset: Dataset,
  refuse: (key: ConfigurationKey, allowed: string) => never,
): void {
  const { title, input } = dataset;
  const none = `with ${title} it has to be 0`;
  if (shift > 0 && !hasImages(dataset)) refuse('shift', `${none}: its samples are no images`);
  if (shift > mostShift(input)) {
    const size = `${input.height} × ${input.width}`;
    refuse('shift', `an integer from 0 to ${mostShift(input)} with images of ${size} pixels`);
  }
  const moves = noiseMoves(dataset);
  if (noise > 0 && moves === undefined) {
    refuse('noise', `${none}: noise is for images, and for points that are drawn`);
  }
  if (moves === 'pixels' && noise > MOST_PIXEL_NOISE) {
    refuse(
      'noise',
      `a number from 0 to ${MOST_PIXEL_NOISE} with images, whose pixels go from 0 to 1`,
    );
  }
}

/** Each change has a value of its setting, comes before the end, and goes with the other settings by then. */
function checkChanges(configuration: Configuration): void {
  const refuse = (epoch: number, key: ConfigurationKey, value: unknown, allowed: string): never => {
    const given = `${epoch} ${toSnakeCase(key)} ${value}`;
    throw new InvalidInputError('changes', given, allowed);
  };
  const changes = changesOf(configuration);
  for (const { epoch, key, value } of changes) {
    const { success } = v.safeParse(SCHEMAS[key], value);
    if (!success) refuse(epoch, key, value, `${toSnakeCase(key)} is ${allowedValues(key)}`);
    if (epoch > configuration.epochs) {
      refuse(epoch, key, value, `the last epoch is ${configuration.epochs}`);
    }
  }
  for (const { epoch, key, value } of changes) {
    try {
      checkTogether(settingsAt(configuration, epoch - 1));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      refuse(
        epoch,
        key,
        value,
        `${error.field} would be ${error.value} then, and is ${error.allowed}`,
      );
    }
  }
}
