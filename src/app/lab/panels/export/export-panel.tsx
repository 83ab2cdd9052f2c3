/** What can be taken away from the page and brought back: history, parameters, settings, a whole run. */
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { configurationFile, parametersFile, runFile } from '../../../../training/files/run-files';
import { networkOf } from '../../../../training/network-of';
import { Button } from '../../../components/button';
import { download } from '../../../download';
import { embedLinkOf, linkOf } from '../../../link';
import { count } from '../../../state/format';
import { sentenceOf } from '../../../state/input-sentence';
import type { Run } from '../../../state/run';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';
import { historyCsv, historyJson } from './history-files';
import { loadFile } from './load-file';
import './export.css';

/** What the last action gave: words for people, and whether they are bad news. */
const message = signal({ text: '', isProblem: false });

async function attempt(action: () => Promise<string>): Promise<void> {
  try {
    message.value = { text: await action(), isProblem: false };
  } catch (error) {
    message.value = { text: sentenceOf(error), isProblem: true };
  }
}

export function ExportPanel() {
  const { text, isProblem } = message.value;
  // Who comes back to the panel has heard it.
  useEffect(() => {
    message.value = { text: '', isProblem: false };
  }, []);
  return (
    <div class="export">
      <output class={isProblem ? 'export-message is-problem' : 'export-message'}>{text}</output>
      <section class="export-part" aria-labelledby="export-save">
        <h2 id="export-save">Save</h2>
        <SaveList />
      </section>
      <section class="export-part" aria-labelledby="export-link">
        <h2 id="export-link">Link</h2>
        <Link />
      </section>
      <section class="export-part" aria-labelledby="export-load">
        <h2 id="export-load">Load</h2>
        <Loader />
      </section>
    </div>
  );
}

/** A file that can be saved: its button, its name, and its text where there is any yet. */
type SavedFile = readonly [
  label: string,
  name: `${string}.${'csv' | 'json'}`,
  text: (() => string | Promise<string>) | undefined,
];

function SaveList() {
  const store = useStore();
  const run = store.run.value;
  const epochs = run?.history.length ?? 0;
  const { configuration } = run ?? { configuration: store.settings.configuration.value };
  /** The text of a file about the run, which waits for what it tells. */
  const of = (isThere: boolean, text: (run: Run) => string | Promise<string>) =>
    run !== undefined && isThere ? () => text(run) : undefined;
  return (
    <dl class="export-list">
      <Row
        title="History"
        text={`Loss, accuracy and learning rate of ${count(epochs, 'epoch')}.`}
        files={[
          ['History as CSV', 'history.csv', of(epochs > 0, ({ history }) => historyCsv(history))],
          [
            'History as JSON',
            'history.json',
            of(epochs > 0, ({ history }) => historyJson(history)),
          ],
        ]}
      />
      <Row
        title="Parameters"
        text="Weights and biases as they are now: W1, b1, W2, …"
        files={[
          ['Parameters as JSON', 'parameters.json', of(true, (it) => parametersText(store, it))],
        ]}
      />
      <Row
        title="Configuration"
        text="Every setting; the command line takes the file as well."
        files={[
          ['Configuration as JSON', 'configuration.json', () => configurationFile(configuration)],
        ]}
      />
      <Row
        title="Whole run"
        text={
          run?.isBusy
            ? 'Pause first: a run is saved between two epochs.'
            : 'Settings, parameters, optimizer state and history, to go on with as if it had not stopped.'
        }
        files={[['Run as JSON', 'run.json', of(run?.isBusy === false, (it) => runText(store, it))]]}
      />
    </dl>
  );
}

interface RowProps {
  readonly title: string;
  readonly text: string;
  readonly files: readonly SavedFile[];
}

function Row({ title, text, files }: RowProps) {
  const save = ([, name, textOf]: SavedFile) =>
    attempt(async () => {
      const type = name.endsWith('.csv') ? 'text/csv' : 'application/json';
      download(name, type, (await textOf?.()) ?? '');
      return `${name} is saved.`;
    });
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <p>{text}</p>
        <div class="export-buttons">
          {files.map((file) => (
            <Button key={file[1]} isDisabled={file[2] === undefined} onPress={() => save(file)}>
              {file[0]}
            </Button>
          ))}
        </div>
      </dd>
    </div>
  );
}

async function parametersText({ service }: Store, run: Run): Promise<string> {
  const { configuration } = run;
  const parameters = await service.parameters(run.id);
  return parametersFile(networkOf(configuration), parameters, configuration);
}

async function runText({ service }: Store, run: Run): Promise<string> {
  return runFile(run.configuration, await service.save(run.id));
}

function Link() {
  const store = useStore();
  return (
    <div class="export-links">
      <CopyField
        id="export-link-text"
        label="A link to these settings"
        text={linkOf(store)}
        help="It holds what differs from the notebook’s settings; the seed makes it the same run."
        copied="The link is copied."
      />
      <CopyField
        id="export-embed-text"
        label="HTML to embed this run in a page of your own"
        text={`<iframe src="${embedLinkOf(store).replaceAll('&', '&amp;')}" title="Shaderprop" width="720" height="640" allow="fullscreen"></iframe>`}
        help="The frame has start and stop, loss and accuracy with their curves, and who computes."
        copied="The HTML is copied."
      />
    </div>
  );
}

interface CopyFieldProps {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly help: string;
  /** What is said when the text is copied. */
  readonly copied: string;
}

function CopyField({ id, label, text, help, copied }: CopyFieldProps) {
  const ref = useRef<HTMLInputElement>(null);
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="export-link">
        <input
          ref={ref}
          id={id}
          type="text"
          readOnly
          value={text}
          aria-describedby={`${id}-help`}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          onPress={() =>
            attempt(async () => {
              ref.current?.select();
              await navigator.clipboard.writeText(text);
              return copied;
            })
          }
        >
          Copy<span class="visually-hidden">: {label}</span>
        </Button>
      </div>
      <span id={`${id}-help`} class="field-help">
        {help}
      </span>
    </div>
  );
}

function Loader() {
  const store = useStore();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const load = (file: File | undefined) => {
    if (file === undefined) return;
    attempt(async () => `${file.name}: ${await loadFile(store, file)}`);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is the other
    <div
      class={isOver ? 'export-drop is-over' : 'export-drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        load(event.dataTransfer?.files[0]);
      }}
    >
      <p>Drop a configuration, parameters or a run here.</p>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        accept="application/json,.json"
        aria-label="File to load"
        tabIndex={-1}
        onChange={(event) => {
          load(event.currentTarget.files?.[0]);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      <Button onPress={() => input.current?.click()}>Choose a file…</Button>
      <p class="field-help">
        A file is checked before anything changes. Parameters must fit the network of the settings.
      </p>
    </div>
  );
}
