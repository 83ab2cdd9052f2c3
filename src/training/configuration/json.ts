/** A configuration as JSON, as files, fixtures and saved runs have it. */
import { InvalidInputError } from '../errors';
import { checkConfiguration } from './check';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  keyOfName,
  toSnakeCase,
  withPresentNames,
} from './fields';

/**
 * A configuration from JSON with names in snake_case, present or old; what it leaves out has the default.
 *
 * @throws InvalidInputError for an unknown name or a value that is not allowed
 */
export function configurationFromJson(json: unknown): Configuration {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidInputError('configuration', json, 'a JSON object of settings');
  }
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(withPresentNames({ ...json }))) {
    const key = keyOfName(name);
    if (key === undefined) throw new InvalidInputError(name, value, 'no such setting');
    values[key] = value;
  }
  return checkConfiguration(values as Partial<Configuration>);
}

/** A configuration as JSON with names in snake_case. */
export function configurationToJson(configuration: Configuration): Record<string, unknown> {
  return Object.fromEntries(
    CONFIGURATION_KEYS.map((key) => [toSnakeCase(key), configuration[key]]),
  );
}
