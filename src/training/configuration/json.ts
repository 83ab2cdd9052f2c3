/** A configuration as JSON, as files, fixtures and saved runs have it. */
import { InvalidInputError } from '../errors';
import { checkConfiguration, checkOneForm } from './check';
import { CONFIGURATION_KEYS, type Configuration, type ConfigurationKey } from './fields';
import { keyOfName, toSnakeCase, withPresentNames } from './names';

/**
 * Settings from JSON with names in snake_case, present or old; their values are not checked.
 *
 * @throws InvalidInputError for an unknown name
 */
export function settingsFromJson(json: Readonly<Record<string, unknown>>): Partial<Configuration> {
  const values: Partial<Record<ConfigurationKey, unknown>> = {};
  for (const [name, value] of Object.entries(withPresentNames(json))) {
    const key = keyOfName(name);
    if (key === undefined) throw new InvalidInputError(name, value, 'there is no such setting');
    values[key] = value;
  }
  return values as Partial<Configuration>;
}

/**
 * A configuration from JSON as `settingsFromJson` reads it; what it leaves out has the default.
 *
 * @throws InvalidInputError for an unknown name, a value that is not allowed, or hidden layers told twice
 */
export function configurationFromJson(json: unknown): Configuration {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidInputError('configuration', json, 'a JSON object of settings');
  }
  const settings = settingsFromJson({ ...json });
  checkOneForm(settings);
  return checkConfiguration(settings);
}

/** The settings that say something: hidden layers are told in one form, not in two, changes, added points and a start where there are any. */
export function keysOf({
  layers,
  changes,
  points,
  from,
}: Pick<Configuration, 'layers' | 'changes' | 'points' | 'from'>): readonly ConfigurationKey[] {
  const others: ConfigurationKey[] = layers === '' ? ['layers'] : ['hidden', 'activation'];
  if (changes === '') others.push('changes');
  if (points === '') others.push('points');
  if (from === '') others.push('from', 'fromLayers');
  return CONFIGURATION_KEYS.filter((key) => !others.includes(key));
}

/** A configuration as JSON with names in snake_case. */
export function configurationToJson(configuration: Configuration): Record<string, unknown> {
  return Object.fromEntries(
    keysOf(configuration).map((key) => [toSnakeCase(key), configuration[key]]),
  );
}
