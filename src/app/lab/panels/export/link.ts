/** A configuration as an address: every setting that differs from the default, with a version. */
import {
  CONFIGURATION_KEYS,
  type Configuration,
  DEFAULTS,
  formatField,
  toSnakeCase,
} from '../../../../training/configuration';

export const LINK_VERSION = 1;

/** The address `href` with the settings of `configuration`. */
export function configurationLink(href: string, configuration: Configuration): string {
  const url = new URL(href);
  url.search = '';
  url.searchParams.set('v', String(LINK_VERSION));
  for (const key of CONFIGURATION_KEYS) {
    const value = formatField(configuration[key]);
    if (value !== formatField(DEFAULTS[key])) url.searchParams.set(toSnakeCase(key), value);
  }
  return url.href;
}
