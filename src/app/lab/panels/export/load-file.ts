/**
 * Puts a file's contents to use. A run is opened beside the present one and takes its place only
 * when everything in the file has been found to fit, so that a refusal leaves the page as it was.
 */
import type { Configuration } from '../../../../training/configuration/fields';
import { InvalidInputError } from '../../../../training/errors';
import {
  type LoadedParameters,
  MOST_BYTES,
  parametersOfFile,
  readFile,
} from '../../../../training/files/run-files';
import { textOfFile } from '../../../../training/files/text-file';
import { networkOf } from '../../../../training/network-of';
import { initialState } from '../../../../training/state';
import type { SavedRun } from '../../../../training/trainer';
import { count } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Store } from '../../../state/store';

/**
 * Loads a file of this page.
 *
 * @returns what was done, in a sentence
 * @throws InvalidInputError, or the worker's error of that name, where the file does not fit
 */
export async function loadFile(store: Store, file: File): Promise<string> {
  if (file.size > MOST_BYTES) {
    const most = `files of up to ${MOST_BYTES / 2 ** 20} MiB are read, and it is larger`;
    throw new InvalidInputError('file', file.name, most);
  }
  const { name } = file;
  const loaded = readFile(name, textOfFile(name, new Uint8Array(await file.arrayBuffer())));
  switch (loaded.kind) {
    case 'configuration': {
      const { configuration } = loaded;
      // The worker knows the data, and refuses what they cannot give.
      await store.service.lesson(configuration);
      store.settings.replace(configuration);
      await store.settingsChanged();
      return store.isChanged.value
        ? 'The configuration is in the settings; a restart applies it.'
        : 'The configuration is loaded.';
    }
    case 'parameters': {
      const configuration = store.settings.configuration.value;
      const spec = networkOf(configuration);
      const parameters = parametersOfFile(spec, loaded);
      const state = initialState({ spec, hyperparameters: configuration, parameters });
      const run = await openSaved(store, configuration, { state, history: [] });
      const done = `${count(parameters.length, 'parameter')} loaded on ${backendTitle(run.info.name)}; training starts from them.`;
      return [done, ...otherDataOf(loaded, configuration)].join(' ');
    }
    case 'run': {
      const run = await openSaved(store, loaded.configuration, loaded.saved);
      return `A run after ${count(run.history.length, 'epoch')} goes on, on ${backendTitle(run.info.name)}.`;
    }
    default:
      return loaded satisfies never;
  }
}

/** Says where parameters were trained on other data: they fit, and know something else. */
function otherDataOf({ data }: LoadedParameters, configuration: Configuration): string[] {
  if (data === undefined) return [];
  const textOf = ({ dataset, classes, scaling }: typeof data) =>
    `${dataset}, classes ${classes.join(', ')}, scaling ${scaling}`;
  const { dataset, classes, scaling } = configuration;
  const own = textOf({ dataset, classes: [...classes], scaling });
  return textOf(data) === own
    ? []
    : [`They were trained on ${textOf(data)}; the settings here have ${own}.`];
}

async function openSaved(store: Store, configuration: Configuration, saved: SavedRun) {
  if (saved.history.length > configuration.epochs) {
    const allowed = `at most the configuration’s ${configuration.epochs} epochs`;
    throw new InvalidInputError('history', saved.history.length, allowed);
  }
  const run = await store.earlier.openRestored(configuration, saved);
  run.recall(saved.history, 0);
  await store.adopt(run);
  return run;
}
