/**
 * Settings that change on the way: `401 learning_rate 0.1; 601 dropout 0.2` has epoch 401 and all after
 * it learn at 0.1. They are a part of the configuration, so the same run comes again with the same bits.
 */
import { InvalidInputError } from '../errors';
import type { Configuration, ConfigurationKey } from './fields';
import { keyOfName, toSnakeCase } from './names';

/** What may change between two epochs: everything else is fixed by the data, the network or the optimizer. */
export const CHANGEABLE_KEYS = [
  'learningRate',
  'weightDecay',
  'momentum',
  'dropout',
] as const satisfies readonly ConfigurationKey[];
export type ChangeableKey = (typeof CHANGEABLE_KEYS)[number];
export type ChangeableValues = Pick<Configuration, ChangeableKey>;

export interface Change {
  /** The first epoch that has the value, counted from 1; from 2 on. */
  readonly epoch: number;
  readonly key: ChangeableKey;
  readonly value: number;
}

/**
 * Changes from text, in the order of their epochs.
 *
 * @returns undefined where the text is none, or tells a setting twice for one epoch
 */
export function parseChanges(text: string): readonly Change[] | undefined {
  if (text.trim() === '') return [];
  const changes = text.split(';').map(parseChange);
  if (!changes.every((change) => change !== undefined)) return undefined;
  const places = new Set(changes.map(({ epoch, key }) => `${epoch} ${key}`));
  return places.size < changes.length ? undefined : changes.sort(inOrder);
}

function parseChange(text: string): Change | undefined {
  const [epoch, name, value, ...more] = text.trim().split(/\s*=\s*|\s+/);
  const key = CHANGEABLE_KEYS.find((each) => each === keyOfName(name ?? ''));
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value ?? '');
  if (key === undefined || !isNumber || more.length > 0 || !/^\d{1,9}$/.test(epoch)) {
    return undefined;
  }
  if (Number(epoch) < 2 || !Number.isFinite(Number(value))) return undefined;
  // There is one zero: -0 would be written as another.
  return { epoch: Number(epoch), key, value: Number(value) || 0 };
}

/** How a change is written, for people. */
export function changeUsage(): string {
  const names = CHANGEABLE_KEYS.map(toSnakeCase).join(', ');
  return `an epoch from 2 on, one of ${names}, and its value, such as 401 learning_rate 0.1`;
}

/** Changes as text that `parseChanges` reads back. */
export function formatChanges(changes: readonly Change[]): string {
  return [...changes]
    .sort(inOrder)
    .map(({ epoch, key, value }) => `${epoch} ${toSnakeCase(key)} ${value}`)
    .join('; ');
}

/** The changes of a configuration that has been checked. */
export function changesOf({ changes }: Pick<Configuration, 'changes'>): readonly Change[] {
  const parsed = parseChanges(changes);
  if (parsed === undefined) throw new RangeError(`unchecked changes: ${changes}`);
  return parsed;
}

/** The settings that epoch `epoch`, counted from 0, is trained with; nothing changes in them any more. */
export function settingsAt(configuration: Configuration, epoch: number): Configuration {
  if (configuration.changes === '') return configuration;
  const made = changesOf(configuration).filter((change) => change.epoch - 1 <= epoch);
  const values = made.map(({ key, value }) => [key, value] as const);
  return { ...configuration, ...Object.fromEntries(values), changes: '' };
}

/** The epochs, counted from 0 and ascending, that are trained with other settings than the one before. */
export function changedEpochs(configuration: Configuration): readonly number[] {
  const epochs = new Set(changesOf(configuration).map(({ epoch }) => epoch - 1));
  return [...epochs].filter((epoch) => {
    const [before, after] = [epoch - 1, epoch].map((each) => settingsAt(configuration, each));
    return CHANGEABLE_KEYS.some((key) => before[key] !== after[key]);
  });
}

/**
 * A configuration that trains with `values` from epoch `epoch` on, counted from 0; what it said of
 * later epochs gives way.
 */
export function withChange(
  configuration: Configuration,
  epoch: number,
  values: Partial<ChangeableValues>,
): Configuration {
  const earlier = changesOf(configuration).filter((change) => change.epoch - 1 < epoch);
  const kept = changesOf(configuration).filter(
    ({ epoch: at, key }) => at - 1 >= epoch && values[key] === undefined,
  );
  const before = settingsAt({ ...configuration, changes: formatChanges(earlier) }, epoch);
  const added = CHANGEABLE_KEYS.flatMap((key): readonly Change[] => {
    const value = values[key];
    return value === undefined || value === before[key] ? [] : [{ epoch: epoch + 1, key, value }];
  });
  return { ...configuration, changes: formatChanges([...earlier, ...kept, ...added]) };
}

/**
 * A configuration with so many epochs altogether, whose first ones are those of `configuration`.
 *
 * @param isStopped - whether early stopping has ended the run, as it would again
 * @throws InvalidInputError where the learning rate depends on how many epochs there are
 */
export function withMoreEpochs(
  configuration: Configuration,
  epochs: number,
  isStopped: boolean,
): Configuration {
  if (configuration.schedule === 'cosine') {
    const allowed =
      'the schedule cosine ends with the last epoch, so with more epochs every one would have had another learning rate: start again with them';
    throw new InvalidInputError('epochs', epochs, allowed);
  }
  return { ...configuration, epochs, ...(isStopped && { patience: 0 }) };
}

function inOrder(a: Change, b: Change): number {
  return a.epoch - b.epoch || CHANGEABLE_KEYS.indexOf(a.key) - CHANGEABLE_KEYS.indexOf(b.key);
}
