/** The runs in the charts: what each line is, its values where people point, and what to do with it. */
import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { JUDGED_METRICS } from '../../../training/metrics';
import { Button } from '../../components/button';
import { DataTable } from '../../components/data-table';
import { duration, integer, NOT_MEASURED, printedNumber, significant } from '../../state/format';
import { isSameConfiguration } from '../../state/settings';
import { useStore } from '../../state/store-context';
import { crosshair, xAxis } from '../state/chart-view';
import { nameOf, type RunBook, runBookOf } from '../state/run-book';
import type { RunEntry } from '../state/run-entry';
import { rowNear } from '../state/x-axis';

export function CurvesTable() {
  const store = useStore();
  const book = runBookOf(store);
  const entries = book.entries.value;
  const selected = store.run.value;
  const actions = <span class="visually-hidden">Use, bring back, show, pin or delete</span>;
  const table = (
    <DataTable
      label="Runs"
      class="runs"
      caption={captionOf(entries[0])}
      columns={[
        ...['Run', 'Epoch', ...JUDGED_METRICS.map(({ title }) => title), 'Time', 'Best epoch'],
        { title: actions, class: 'run-actions' },
      ]}
      rows={entries.map((entry) => [
        <Name entry={entry} isSelected={entry.run !== undefined && entry.run === selected} />,
        ...numbersOf(entry),
        <div>
          <Actions entry={entry} book={book} />
        </div>,
      ])}
      rowAttributes={entries.map(({ id, isHidden }) => ({
        key: id,
        class: isHidden.value ? 'is-hidden' : '',
      }))}
    />
  );
  const word = book.word.value;
  return (
    <>
      {table}
      {word !== undefined && <p class="source">{word}</p>}
    </>
  );
}

function captionOf(first: RunEntry | undefined): string {
  const at = crosshair.value;
  if (at === undefined || first === undefined) return 'Values after the last epoch of each run.';
  const shown = xAxis.value === 'seconds' ? significant(at, 3) : integer(Math.round(at));
  return `Values where the crosshair is: ${xAxis.value} ${shown}.`;
}

/** The row under the crosshair, or the last one. */
function shownRow({ history }: RunEntry): number | undefined {
  const { length } = history;
  const at = crosshair.value;
  if (at !== undefined) return rowNear(history, xAxis.value, at);
  return length === 0 ? undefined : length - 1;
}

function numbersOf(entry: RunEntry): string[] {
  const { epochs, milliseconds, columns, bestRow } = entry.history;
  const row = shownRow(entry);
  const best = bestRow === undefined ? '–' : integer(epochs[bestRow]);
  if (row === undefined) return ['–', ...JUDGED_METRICS.map(() => '–'), '–', best];
  const metrics = JUDGED_METRICS.map(({ key }) => printedNumber(columns[key][row]));
  const time = entry.history.unmeasured > 0 ? NOT_MEASURED : duration(milliseconds[row]);
  return [integer(epochs[row]), ...metrics, time, best];
}

/** Typing replaces the name. Always the same function: with another, each redrawing would select again. */
function selectAll(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}

interface NameProps {
  readonly entry: RunEntry;
  readonly isSelected: boolean;
}

/** The name beside its lines' colours; a press on it renames the run. */
function Name({ entry, isSelected }: NameProps) {
  const [isEditing, setEditing] = useState(false);
  const name = nameOf(entry);
  const [train, test] = isSelected
    ? ['var(--series-train)', 'var(--series-test)']
    : [`var(${entry.color})`, `var(${entry.color})`];
  const save = (text: string) => {
    entry.name.value = text.trim().slice(0, 100);
    setEditing(false);
  };
  return (
    <span class="run-name">
      <svg class="run-lines" viewBox="0 0 24 12" aria-hidden="true">
        <path d="M0 3h24" style={{ stroke: train }} />
        <path d="M0 9h24" stroke-dasharray="6 3" style={{ stroke: test }} />
      </svg>
      {isEditing ? (
        <input
          type="text"
          aria-label="Name of the run; empty for the automatic one"
          value={name}
          maxLength={100}
          ref={selectAll}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save(event.currentTarget.value);
            if (event.key === 'Escape') setEditing(false);
          }}
          onBlur={(event) =>
            save(event.currentTarget.value === name ? entry.name.value : event.currentTarget.value)
          }
        />
      ) : (
        <button type="button" class="run-rename" title="Rename" onClick={() => setEditing(true)}>
          {name}
          <span class="visually-hidden">, rename</span>
        </button>
      )}
    </span>
  );
}

function Actions({ entry, book }: { readonly entry: RunEntry; readonly book: RunBook }) {
  const store = useStore();
  const { configuration, isHidden, isPinned, run, saved } = entry;
  const toggle = (which: Signal<boolean>) => {
    which.value = !which.value;
  };
  const isNow = isSameConfiguration(configuration, store.settings.configuration.value);
  const actions = [
    [
      'Settings',
      isNow ? 'These are the settings now' : 'Use these settings',
      () => {
        store.settings.replace(configuration);
        store.settingsChanged();
      },
      { isDisabled: isNow },
    ],
    [
      'Go on',
      saved === undefined
        ? 'The parameters of this run are no longer there'
        : 'Bring it back with its parameters, in the place of the present run',
      () => store.earlier.bringBack(entry),
      { isDisabled: saved === undefined },
    ],
    [
      'Show',
      'Show it in the charts, or hide it',
      () => toggle(isHidden),
      { isPressed: !isHidden.value },
    ],
    [
      'Pin',
      'Keep it for the next visit, or no longer',
      () => book.togglePin(entry),
      { isPressed: isPinned.value },
    ],
    [
      'Delete',
      run === undefined ? 'Forget this run' : 'The present run can be reset, but not deleted',
      () => {
        book.delete(entry);
        const undo = async () => book.restore(entry);
        store.announcer.offerUndo('A run was deleted', `${nameOf(entry)}.`, undo);
      },
      { isDisabled: run !== undefined },
    ],
  ] as const;
  return (
    <>
      {actions.map(([label, title, onPress, state]) => (
        <Button key={label} title={title} onPress={onPress} {...state}>
          {label}
          <span class="visually-hidden"> {nameOf(entry)}</span>
        </Button>
      ))}
    </>
  );
}
