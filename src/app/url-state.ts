/**
 * The address of a run: every setting that differs from the default, with a version. What is read is
 * checked like any other input, and what is not understood is named and left out.
 */
import { type PlanOptions, SCHEDULE_CHOICES, TUNING_MODES } from '../gpu/plan/choices';
import { BACKEND_NAMES, type BackendName } from '../training/backend';
import { checkConfiguration, checkOneForm } from '../training/configuration/check';
import {
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
} from '../training/configuration/fields';
import { keysOf } from '../training/configuration/json';
import {
  keyOfName,
  OLD_CLASSES_NAME,
  toSnakeCase,
  withPresentNames,
} from '../training/configuration/names';
import { formatField, parseField } from '../training/configuration/text';
import { InvalidInputError } from '../training/errors';
import { sentenceOf, titleOf } from './state/input-sentence';

const VERSION = '2';
/** Before `split_seed` was a setting of its own, and `classes` the name of `digits`. */
const OLD_VERSION = '1';

export const DEFAULT_PLAN_OPTIONS: PlanOptions = { schedule: 'auto', tuning: 'on' };
const DEFAULT_BACKEND: BackendName = 'webgpu';

export const DEFAULT_STATE: UrlState = {
  configuration: DEFAULTS,
  backend: DEFAULT_BACKEND,
  planOptions: DEFAULT_PLAN_OPTIONS,
};

/** All that decides a run, and who computes it. */
export interface UrlState {
  readonly configuration: Configuration;
  readonly backend: BackendName;
  readonly planOptions: PlanOptions;
}

/** Put behind links by mail programs, advertisers and social networks; they mean nothing here. */
const TRACKER =
  /^(utm_\w+|mc_\w+|hsa_\w+|vero_\w+|oly_\w+|_hs\w+|_ga|_gl|(fb|g|dc|msclk|y|tw|tt|li_fat_|irc|epik|rdt_c)(cl)?id|gclsrc|gbraid|wbraid|igshid|igsh|mkt_tok|s_cid|wt_mc|si|ref|ref_src|source)$/;

export interface ReadUrl extends UrlState {
  /** Texts of settings that could not be read, by their fields: nobody asked for another value in their place. */
  readonly unread: Readonly<Partial<Record<ConfigurationKey, string>>>;
  /** True where the address names a setting, right or wrong: then it is a link to a run. */
  readonly isLink: boolean;
  /** What was ignored, one sentence each. */
  readonly problems: readonly string[];
}

/** Reads the part of an address after `?`. Parameters that are no setting's and none of `others` are named. */
export function readUrl(search: string, others: readonly string[] = []): ReadUrl {
  const problems: string[] = [];
  const parameters = new Map<string, string>();
  for (const [name, text] of new URLSearchParams(search)) {
    if (others.includes(name) || TRACKER.test(name)) continue;
    if (parameters.has(name)) problems.push(`${quote(name)} is given twice; the first one counts.`);
    else parameters.set(name, text);
  }
  const version = parameters.get('v');
  const isReadable = version === undefined || version === VERSION || version === OLD_VERSION;
  if (!isReadable) {
    problems.push(
      `The link is of version ${quote(version)} but this page reads versions ${OLD_VERSION} and ${VERSION}.`,
    );
    parameters.clear();
  }
  const values: Partial<Record<ConfigurationKey, unknown>> = {};
  const unread: Partial<Record<ConfigurationKey, string>> = {};
  let backend = DEFAULT_BACKEND;
  let { schedule, tuning } = DEFAULT_PLAN_OPTIONS;
  for (const [name, text] of presentParameters(parameters, problems)) {
    const key = keyOfName(name);
    try {
      if (key !== undefined) values[key] = parseField(key, text);
      else if (name === 'backend') backend = oneOf(BACKEND_NAMES, name, text);
      else if (name === 'tune') tuning = oneOf(TUNING_MODES, name, text);
      else if (name === 'schedule_kind') schedule = oneOf(SCHEDULE_CHOICES, name, text);
      else if (name !== 'v') problems.push(`${quote(name)} is not a setting.`);
    } catch (error) {
      problems.push(problemOf(error));
      if (key !== undefined) unread[key] = text;
    }
  }
  const configuration = together(values as Partial<Configuration>, problems);
  const isLink = parameters.size > 0 || !isReadable;
  return { configuration, backend, planOptions: { schedule, tuning }, unread, problems, isLink };
}

/** The part of an address after `?` that gives the state again, such as `v=2&learning_rate=0.1`. */
export function writeUrl({ configuration, backend, planOptions }: UrlState): string {
  const parameters = new URLSearchParams({ v: VERSION });
  for (const key of keysOf(configuration)) {
    const text = formatField(configuration[key]);
    if (text !== formatField(DEFAULTS[key])) parameters.set(toSnakeCase(key), text);
  }
  if (backend !== DEFAULT_BACKEND) parameters.set('backend', backend);
  if (planOptions.tuning !== DEFAULT_PLAN_OPTIONS.tuning)
    parameters.set('tune', planOptions.tuning);
  if (planOptions.schedule !== DEFAULT_PLAN_OPTIONS.schedule) {
    parameters.set('schedule_kind', planOptions.schedule);
  }
  // Commas of a list need no escape, and read better without.
  return parameters.toString().replaceAll('%2C', ',');
}

/** The parameters by their present names; an old name is left out where the present one is there. */
function presentParameters(parameters: ReadonlyMap<string, string>, problems: string[]) {
  const values = Object.fromEntries(parameters);
  const isOld = values.v === OLD_VERSION || OLD_CLASSES_NAME in values;
  try {
    return Object.entries(withPresentNames(values, isOld));
  } catch (error) {
    problems.push(problemOf(error));
    const { [OLD_CLASSES_NAME]: _, ...rest } = values;
    return Object.entries(withPresentNames(rest, isOld));
  }
}

/** The values as a configuration; a value that does not go with the others is left out. */
function together(values: Partial<Configuration>, problems: string[]): Configuration {
  try {
    checkOneForm(values);
    return checkConfiguration(values);
  } catch (error) {
    problems.push(problemOf(error));
    const key = error instanceof InvalidInputError ? keyOfName(error.field) : undefined;
    // The field at fault may be a default that another value made wrong: then that one is left out.
    const isGiven = key !== undefined && key in values;
    const fault = faultOf(values);
    const isCause = (one: ConfigurationKey) => faultOf(without(values, one)) !== fault;
    const wrong = isGiven ? key : (Object.keys(values) as ConfigurationKey[]).find(isCause);
    if (wrong === undefined) {
      problems.push('These settings do not go together, so the defaults are used.');
      return DEFAULTS;
    }
    if (!isGiven) problems.push(`So ${titleOf(wrong)} is left out.`);
    return together(without(values, wrong), problems);
  }
}

function without(values: Partial<Configuration>, key: ConfigurationKey): Partial<Configuration> {
  const { [key]: _, ...rest } = values;
  return rest;
}

/** The field that is at fault first; none where all is well. */
function faultOf(values: Partial<Configuration>): string | undefined {
  try {
    checkConfiguration(values);
    return undefined;
  } catch (error) {
    return error instanceof InvalidInputError ? error.field : undefined;
  }
}

function oneOf<T extends string>(allowed: readonly T[], name: string, text: string): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new InvalidInputError(name, text, `one of ${allowed.join(', ')}`);
  return found;
}

/** What is wrong with a value of the address; whatever else is thrown is no news for its reader. */
function problemOf(error: unknown): string {
  if (!(error instanceof InvalidInputError)) throw error;
  return sentenceOf(error);
}

/** A word of the address, shortened: it is shown as text, and should stay readable. */
export function quote(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;
}
