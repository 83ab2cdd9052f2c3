/** The run that the settings begin with: taken from the present one or from a file, in a worker. */
import { signal } from '@preact/signals';
import { checkConfiguration } from '../../../../training/configuration/check';
import { parseStart } from '../../../../training/files/start-reference';
import type { FoundRun } from '../../../../training/keeping/run-archive';
import { count } from '../../../state/format';
import { sentenceOf } from '../../../state/input-sentence';
import type { Store } from '../../../state/store';
import { connectOwnDataWorker } from '../../../worker/own-data-client';
import type { StartSource } from '../../../worker/take-start';

interface StartMessage {
  /** Words for people. */
  readonly text: string;
  readonly isProblem: boolean;
  /** What the settings began with then. */
  readonly from: string;
}

/** What came of the last choice. */
export const startMessage = signal<StartMessage>({ text: '', isProblem: false, from: '' });

/** What came of the last choice, as long as the settings begin with the same run. */
export function messageAbout(from: string): StartMessage | undefined {
  const message = startMessage.value;
  return message.from === from ? message : undefined;
}

/** Has the settings begin with the first layers of a file. */
export function takeStartFile(store: Store, file: File | undefined): Promise<void> {
  return file === undefined ? Promise.resolve() : take(store, async () => file);
}

/** Has the settings begin with the first layers of the present run, as they are now. */
export function takePresentRun(store: Store): Promise<void> {
  return take(store, async () => {
    const run = store.run.peek();
    if (run === undefined) throw new Error('There is no run.');
    const { configuration, history } = run;
    const parameters = await store.service.parameters(run.id);
    return { name: nameOf(history.length), configuration, parameters };
  });
}

/** Has the settings begin with the first layers of a run of an earlier visit, as they were kept. */
export function takeKeptRun(store: Store, { id, epoch }: FoundRun): Promise<void> {
  return take(store, async () => ({ name: nameOf(epoch), keptId: id }));
}

function nameOf(epochs: number): string {
  return `run-epoch-${epochs}.json`;
}

/** Has the settings begin anew. */
export function dropStart(store: Store): Promise<void> {
  startMessage.value = { text: '', isProblem: false, from: '' };
  store.settings.edit('from', '');
  return store.settingsChanged();
}

async function take(store: Store, sourceOf: () => Promise<StartSource>): Promise<void> {
  const { settings } = store;
  const connection = connectOwnDataWorker();
  try {
    const source = await sourceOf();
    const before = settings.configuration.peek();
    const taken = await connection.service.takeStart(source, before);
    const { from, fromLayers, differences } = taken;
    const text = [`It begins with ${count(fromLayers, 'layer')}.`, ...differences].join(' ');
    startMessage.value = { text, isProblem: false, from };
    if (from === before.from) await store.load();
    else {
      settings.replace(checkConfiguration({ ...before, from, fromLayers }));
      await store.settingsChanged();
    }
  } catch (error) {
    const { from } = settings.configuration.peek();
    startMessage.value = { text: sentenceOf(error), isProblem: true, from };
  } finally {
    connection.end();
  }
}

/** The file that the settings name. */
export function startFileOf({ settings }: Store) {
  const reference = parseStart(settings.configuration.value.from);
  return reference !== undefined && 'file' in reference ? reference : undefined;
}
