/** Every challenge trained in turn on this machine, as a table to read and to take away. */
import type { RunAllRow } from '../../../../session/run-all';
import { PRESETS } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { DataTable } from '../../../components/data-table';
import { download } from '../../../download';
import { duration, integer, printedNumber } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import { useStore } from '../../../state/store-context';
import * as runAll from '../../state/run-all';

export function ChallengesTable() {
  const store = useStore();
  const rows = runAll.rows.value;
  const isRunning = runAll.isRunning.value;
  const isStopping = runAll.isStopping.value;
  const isEmpty = rows.length === 0;
  return (
    <section class="run-all" aria-labelledby="run-all-heading">
      <div class="run-all-head">
        <h2 id="run-all-heading">All challenges on this machine</h2>
        <div class="run-all-buttons">
          {isRunning ? (
            <Button isDisabled={isStopping} onPress={() => runAll.stop(store)}>
              {isStopping ? 'Stopping…' : 'Stop'}
            </Button>
          ) : (
            <Button isPrimary onPress={() => runAll.start(store)}>
              Run all
            </Button>
          )}
          <Button isDisabled={isEmpty} onPress={() => saveCsv(rows)}>
            CSV
          </Button>
          <Button isDisabled={isEmpty} onPress={() => saveJson(rows)}>
            JSON
          </Button>
        </div>
      </div>
      <RunAllStatus />
      {!isEmpty && <ResultsTable rows={rows} />}
    </section>
  );
}

function RunAllStatus() {
  const { backend } = useStore();
  const progress = runAll.progress.value;
  if (progress === undefined) {
    if (runAll.rows.value.length > 0) return null;
    return (
      <p class="source">
        Trains the {PRESETS.length} configurations below one after the other on{' '}
        {backendTitle(backend.value)}, from the same seed, and fills a table.
      </p>
    );
  }
  const { preset, index, count, epoch, epochs } = progress;
  const share = (index + (epochs === 0 ? 0 : epoch / epochs)) / count;
  return (
    <div class="run-all-progress">
      <span>
        {index + 1} of {count}: {preset.challenge}
      </span>
      <progress max={1} value={share} aria-label="Challenges done" />
    </div>
  );
}

function ResultsTable({ rows }: { readonly rows: readonly RunAllRow[] }) {
  const [first] = rows;
  return (
    <DataTable
      label="Results of all challenges"
      caption={`After the last epoch of each, on ${backendTitle(first.backend)}${
        first.adapter === null ? '' : `, ${first.adapter}`
      }. The time is that of training, without setup.`}
      columns={[
        'Challenge',
        ...['Train loss', 'Test loss', 'Train accuracy', 'Test accuracy'],
        ...['Epochs to 99 %', 'Time', 'Per epoch'],
      ]}
      rows={rows.map((row) => [
        <>
          {PRESETS.find(({ name }) => name === row.name)?.challenge ?? row.name}
          {row.error !== null && <span class="field-problem"> {row.error}</span>}
        </>,
        ...[row.loss, row.val_loss, row.accuracy, row.val_accuracy].map((value) =>
          orDash(value, printedNumber),
        ),
        orDash(row.epochs_to_99, integer),
        ...[row.ms, row.ms_per_epoch].map((value) => orDash(value, duration)),
      ])}
    />
  );
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}

async function saveCsv(rows: readonly RunAllRow[]): Promise<void> {
  const { rowsToCsv } = await import('../../../../session/run-all');
  download('challenges.csv', 'text/csv', rowsToCsv(rows));
}

function saveJson(rows: readonly RunAllRow[]): void {
  download('challenges.json', 'application/json', `${JSON.stringify(rows, null, 2)}\n`);
}
