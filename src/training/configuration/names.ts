/** What a field is called in files, links and on the command line, now and before. */
import { InvalidInputError } from '../errors';
import { CONFIGURATION_KEYS, type ConfigurationKey } from './fields';

/** `learningRate` → `learning_rate`, as files, fixtures and URLs have it. */
export function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `learningRate` → `--learning-rate`, as the command line has it. */
export function toFlag(key: string): string {
  return `--${toSnakeCase(key).replaceAll('_', '-')}`;
}

const KEY_BY_NAME: ReadonlyMap<string, ConfigurationKey> = new Map(
  CONFIGURATION_KEYS.map((key) => [toSnakeCase(key), key]),
);

/** What the field `classes` was called while the digits were the only data set. */
export const OLD_CLASSES_NAME = 'digits';

/**
 * Settings by their present names, from ones that may have been written before: then the field
 * `classes` was called `digits`, and `seed` decided the split as well.
 *
 * @param values - by names in snake_case, values or texts
 * @param isOld - whether they come from before; the old name tells, where nothing else does
 * @throws InvalidInputError where `classes` is given by both names
 */
export function withPresentNames<Value>(
  values: Readonly<Record<string, Value>>,
  isOld = Object.hasOwn(values, OLD_CLASSES_NAME),
): Readonly<Record<string, Value>> {
  if (!isOld) return values;
  const { [OLD_CLASSES_NAME]: digits, ...rest } = values;
  if (digits !== undefined && Object.hasOwn(rest, 'classes')) {
    const why = 'classes is given, and digits is its old name: drop digits';
    throw new InvalidInputError(OLD_CLASSES_NAME, digits, why);
  }
  return {
    ...(rest.seed !== undefined && { split_seed: rest.seed }),
    ...(digits !== undefined && { classes: digits }),
    ...rest,
  };
}

/** The field that is called `name` in snake_case, if there is one. */
export function keyOfName(name: string): ConfigurationKey | undefined {
  return KEY_BY_NAME.get(name);
}
