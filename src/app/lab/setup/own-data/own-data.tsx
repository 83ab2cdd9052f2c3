/** Data of one's own: chosen, dropped or pasted, shown as they were understood, and used when that is said. */
import { useId, useRef } from 'preact/hooks';
import { askFor, isFileDataset } from '../../../../data/file-dataset';
import { datasetOf, isHere } from '../../../../data/registry';
import type { Column, Found } from '../../../../data/table/table';
import { Button } from '../../../components/button';
import { DataTable } from '../../../components/data-table';
import { Select } from '../../../components/select';
import { count, integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import type { ReadData } from '../../../worker/own-data-service';
import './own-data.css';
import { dataFilesOf } from './folder-files';
import {
  type Brought,
  brought,
  dropFiles,
  readFiles,
  useFiles as takeFiles,
  wantedFile,
} from './own-data-state';

/** Columns that the first rows are shown of. */
const MOST_COLUMNS = 8;
/** Names that are listed. */
const MOST_NAMES = 12;

export function OwnData() {
  const store = useStore();
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const wanted = wantedFile(store);
  const { dataset } = store.settings.configuration.value;
  const now = brought.value;
  return (
    <section class="own-data" aria-label="Your own data">
      {wanted !== undefined && <p class="own-data-problem">{askFor(wanted)}</p>}
      {isFileDataset(dataset) && isHere(dataset) && <p>{datasetOf(dataset).description}</p>}
      <p class="setup-help">
        Your own data: choose a table, drop it anywhere, or paste it. CSV, TSV, NPY, NPZ, or the
        files of MNIST and its kin, such as Fashion-MNIST, alone or in their folder. Nothing leaves
        this browser.
      </p>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        multiple
        aria-label="Files with data of your own"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          readFiles(store, [...(currentTarget.files ?? [])]);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      <input
        ref={folder}
        class="visually-hidden"
        type="file"
        {...{ webkitdirectory: true }}
        aria-label="A folder with data of your own"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          const name = files.at(0)?.webkitRelativePath.split('/').at(0);
          readFiles(store, dataFilesOf(files), {}, name);
          currentTarget.value = '';
        }}
      />
      {now === undefined ? (
        <div class="setup-buttons">
          <Button onPress={() => input.current?.click()}>Choose files…</Button>
          <Button onPress={() => folder.current?.click()}>Choose a folder…</Button>
        </div>
      ) : (
        <ReadFiles {...now} />
      )}
    </section>
  );
}

function ReadFiles({ files, options, found, share, outcome }: Brought) {
  const store = useStore();
  const id = useId();
  const [{ name }] = files;
  const isReady = outcome !== undefined && !('problem' in outcome);
  const lacking = outcome !== undefined && 'problem' in outcome ? outcome.lacking : undefined;
  const dropped = isReady ? outcome.summary.dropped : 0;
  const wanted = wantedFile(store);
  const isOther =
    isReady &&
    wanted !== undefined &&
    outcome.description.name !== store.settings.configuration.value.dataset;
  return (
    <div class="own-data-read">
      <h4>
        {isReady ? outcome.description.title : name}
        {!isReady && files.length > 1 && ` and ${files.length - 1} more`}
      </h4>
      {share !== undefined && (
        <progress class="own-data-progress" max={1} value={share} aria-label={`Reading ${name}`} />
      )}
      {found !== undefined && <Form found={found} />}
      {found !== undefined && found.columns.length > 2 && (
        <div class="setup-field">
          <label class="setup-label" for={`${id}-label`}>
            Column with the classes
          </label>
          <Select
            id={`${id}-label`}
            choices={found.columns.map(({ name: column }) => column)}
            chosen={found.columns.find(({ use }) => use === 'label')?.name ?? ''}
            onChoose={(labelColumn) => readFiles(store, files, { ...options, labelColumn })}
          />
        </div>
      )}
      {outcome !== undefined && 'problem' in outcome && (
        <p class="own-data-problem" role="alert">
          {outcome.problem}
        </p>
      )}
      {isReady && <Holds outcome={outcome} />}
      {isOther && <p class="own-data-problem">This is not the file that is asked for.</p>}
      {(lacking !== undefined || dropped > 0) && (
        <label class="own-data-check">
          <input
            type="checkbox"
            checked={options.dropMissing === true}
            onChange={({ currentTarget: { checked } }) =>
              readFiles(store, files, { ...options, dropMissing: checked })
            }
          />
          Leave out {count(lacking ?? dropped, 'row')} that{' '}
          {(lacking ?? dropped) === 1 ? 'lacks' : 'lack'} a value
        </label>
      )}
      <div class="setup-buttons">
        {isReady && (
          <Button isPrimary onPress={() => takeFiles(store)}>
            Use these data
          </Button>
        )}
        <Button onPress={dropFiles}>{share === undefined ? 'Close' : 'Cancel'}</Button>
      </div>
    </div>
  );
}

/** How the files are written, and their first rows. */
function Form({ found: { form, columns, preview } }: { readonly found: Found }) {
  const shown = columns.slice(0, MOST_COLUMNS);
  const label = columns.findIndex(({ use }) => use === 'label');
  // The classes are in sight, however many features there are before them.
  const places = [...shown.keys()];
  if (label >= MOST_COLUMNS) places[MOST_COLUMNS - 1] = label;
  const isTable = preview.length > 0 && preview[0].length === columns.length;
  return (
    <>
      <p class="setup-help">Found: {form.join(', ')}.</p>
      {isTable && (
        <DataTable
          label="First rows"
          class="own-data-preview"
          columns={['Row', ...places.map((place) => headOf(columns[place]))].map((title) => ({
            title,
          }))}
          rows={preview.map((row, index) => [index + 1, ...places.map((place) => row[place])])}
        />
      )}
      {isTable && columns.length > MOST_COLUMNS && (
        <p class="setup-help">
          {MOST_COLUMNS} of {integer(columns.length)} columns.
        </p>
      )}
    </>
  );
}

function headOf({ name, use }: Column): string {
  if (use === 'label') return `${name} (class)`;
  return use === 'left-out' ? `${name} (left out)` : name;
}

type Ready = Exclude<ReadData['outcome'], { readonly problem: string }>;

/** What comes of the files. */
function Holds({ outcome: { summary, rows, features, description } }: { readonly outcome: Ready }) {
  const { classNames, classCounts, constant } = summary;
  const leftOut = brought.value?.found?.columns.filter(({ use }) => use === 'left-out') ?? [];
  const noun = description.featureNames === undefined ? 'pixel' : 'feature';
  return (
    <dl class="own-data-holds">
      <dt>Samples</dt>
      <dd>
        {count(rows, 'row')} of {count(features, noun)}
      </dd>
      <dt>Classes</dt>
      <dd>
        {classNames.length}:{' '}
        {listed(classNames.map((name, i) => `${name} (${integer(classCounts[i])})`))}
      </dd>
      {leftOut.length > 0 && (
        <>
          <dt>Left out</dt>
          <dd>{listed(leftOut.map(({ name, why }) => `${name} (${why})`))}</dd>
        </>
      )}
      {constant.length > 0 && (
        <>
          <dt>The same in all rows</dt>
          <dd>{listed(constant)}</dd>
        </>
      )}
    </dl>
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${integer(rest)} more` : '');
}
