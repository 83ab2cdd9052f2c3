/** Files that somebody brings: read in a worker, looked at, and only then used. */
import { signal } from '@preact/signals';
import { transfer } from 'comlink';
import { parseFileDataset } from '../../../../data/file-dataset';
import { bringFile, datasetOf, isHere } from '../../../../data/registry';
import type { Found, TableOptions } from '../../../../data/table/table';
import { checkConfiguration } from '../../../../training/configuration/check';
import { messageOf } from '../../../../training/errors';
import { integer } from '../../../state/format';
import { sentenceOf } from '../../../state/input-sentence';
import type { Store } from '../../../state/store';
import type { Connection } from '../../../worker/connection';
import { connectOwnDataWorker } from '../../../worker/own-data-client';
import type { OwnDataService, ReadData } from '../../../worker/own-data-service';
import type { TrainingService } from '../../../worker/training-service';
import { augmentationFor } from '../../state/companions';
import { leftOutOf, networkFor, sayLayers } from '../../state/left-out';
import { suitedTo } from '../../state/suited';
import { filesIn } from './folder-files';

/** The files that were brought last. */
export interface Brought {
  readonly files: readonly File[];
  readonly options: TableOptions;
  readonly found?: Found | undefined;
  /** The share that is read; none once all is. */
  readonly share?: number;
  readonly outcome?: ReadData['outcome'];
}

export const brought = signal<Brought | undefined>(undefined);

/** The file that the settings ask for and that is not here. */
export function wantedFile({ settings, lesson }: Store) {
  lesson.value;
  const { dataset } = settings.configuration.value;
  return isHere(dataset) ? undefined : parseFileDataset(dataset);
}

/** What a table that is pasted is called. */
const PASTED = 'pasted.csv';

let connection: Connection<OwnDataService> | undefined;

/**
 * Reads files; what was read before is dropped, and nothing of the run is touched.
 *
 * @param folder - that they were dropped in
 */
export async function readFiles(
  store: Store,
  files: readonly File[],
  given: TableOptions = {},
  folder?: string,
): Promise<void> {
  connection?.end();
  if (files.length === 0) return;
  const wanted = wantedFile(store);
  const options = wanted === undefined ? given : { ...optionsOf(wanted), ...given };
  const current = connectOwnDataWorker();
  connection = current;
  // What was found stays in sight while the same files are read another way.
  const before = brought.peek();
  const found = before?.files === files ? before.found : undefined;
  brought.value = { files, options, found, share: 0 };
  const update = (change: Partial<Brought>) => {
    const now = brought.peek();
    // What is told on the way comes by ports of its own, and may come behind the outcome.
    const isReading = now !== undefined && now.outcome === undefined;
    if (connection === current && isReading) brought.value = { ...now, ...change };
  };
  try {
    const read = await current.service.read(
      files,
      options,
      store.settings.configuration.peek().dataset,
      (form) => update({ found: form }),
      (share) => update({ share }),
      folder,
    );
    const { outcome } = read;
    if (connection === current) {
      brought.value = { files, options, found: read.found ?? brought.peek()?.found, outcome };
    }
  } catch (error) {
    if (connection === current) {
      brought.value = { files, options, outcome: { problem: messageOf(error) } };
    }
  }
}

function optionsOf({ labelColumn, dropMissing }: TableOptions): TableOptions {
  return {
    ...(labelColumn !== undefined && { labelColumn }),
    ...(dropMissing !== undefined && { dropMissing }),
  };
}

/** Reads what is data in folders that were dropped. */
export async function readEntries(
  store: Store,
  entries: readonly FileSystemEntry[],
): Promise<void> {
  try {
    const [{ name: folder }, ...others] = entries;
    await readFiles(store, await filesIn(entries), {}, others.length === 0 ? folder : undefined);
  } catch (error) {
    const title = entries.map(({ name }) => name).join(', ');
    store.announcer.report({ title: `${title} cannot be read`, text: messageOf(error) });
  }
}

/** Reads a table that was pasted as text. */
export function readText(store: Store, text: string): Promise<void> {
  return readFiles(store, [new File([text], PASTED, { type: 'text/csv' })]);
}

/** Stops reading, or drops what was read. */
export function dropFiles(): void {
  connection?.end();
  connection = undefined;
  brought.value = undefined;
}

/**
 * Puts what was read where a run finds it: into the browser, or, in a private window, into the worker.
 *
 * @returns why it is not kept, where it is not
 */
export async function keepOrHandOver(
  files: Pick<OwnDataService, 'keep' | 'handOver'>,
  training: Pick<TrainingService, 'bring'>,
): Promise<string | undefined> {
  try {
    await files.keep();
    return undefined;
  } catch (error) {
    const { description, rows } = await files.handOver();
    const moved = [rows.values.buffer, rows.labels.buffer];
    await training.bring(transfer({ description, rows }, moved));
    return messageOf(error);
  }
}

/** Makes what was read the data of the settings; a run under way goes on until it is restarted. */
export async function useFiles(store: Store): Promise<void> {
  const now = brought.peek();
  const outcome = now?.outcome;
  if (connection === undefined || outcome === undefined || 'problem' in outcome) return;
  const { description, rows } = outcome;
  try {
    const notKept = await keepOrHandOver(connection.service, store.service);
    bringFile(description);
    const { settings } = store;
    const before = settings.configuration.peek();
    const leftOut = leftOutOf(settings);
    if (before.dataset === description.name) {
      // That it was not here is no news any more.
      store.announcer.notice.value = undefined;
    } else {
      const classes = [...description.classNames.keys()];
      const suited = suitedTo(description.name, before);
      const data = datasetOf(description.name);
      const network = networkFor(data, { ...before, ...suited }, settings.past.peek());
      const augmentation = augmentationFor(data, before);
      settings.replace(
        checkConfiguration({
          ...{ ...before, ...suited, ...network, ...augmentation },
          ...{ dataset: description.name, classes },
          points: '',
        }),
      );
    }
    dropFiles();
    await store.settingsChanged();
    if (notKept !== undefined) store.onDataNotKept(notKept);
    const layers = sayLayers(settings, leftOut);
    store.announcer.say(
      `${description.title}: ${integer(rows)} rows are the data now. ${layers}`.trimEnd(),
    );
  } catch (error) {
    brought.value = {
      ...now,
      files: now?.files ?? [],
      options: now?.options ?? {},
      outcome: { problem: sentenceOf(error) },
    };
  }
}
