/** The settings in whatever JSON this project writes: the page's files, and the command line's. */
import { InvalidInputError } from '../errors';

/**
 * The settings of a configuration file, of a run of the page, of a run of the command line, or of a
 * fixture: an object with names in snake_case, unchecked.
 *
 * @param name - of the file, for messages
 * @throws InvalidInputError where it holds no settings
 */
export function settingsOf(name: string, json: unknown): Readonly<Record<string, unknown>> {
  const refuse = (allowed: string): never => {
    throw new InvalidInputError('file', name, allowed);
  };
  if (!isRecord(json)) return refuse('there are no settings in it');
  if (isRecord(json.config)) return json.config;
  if (json.format === undefined) return json;
  if (isRecord(json.configuration)) return json.configuration;
  return refuse(
    json.parameters === undefined
      ? 'this is a file of another program'
      : 'these are parameters, which the page loads under Export; settings are read here',
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
