/** The confusion matrix: counts or shares of a row, each cell a button that shows its images. */
import { useState } from 'preact/hooks';
import { classNoun } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { formatFixed } from '../../../../training/format-fixed';
import { ScrollRegion } from '../../../components/scroll-region';
import { Segments } from '../../../components/segments';
import { count, integer } from '../../../state/format';
import { type Judged, SampleGrid } from './sample-grid';

const UNITS = ['counts', 'shares'] as const;
const UNIT_TITLES = { counts: 'Samples', shares: 'Shares of a row' } as const;

/** The share of a row that has the full colour of a confusion, where none is more frequent. */
const LEAST_FULL = 0.1;

/** So many letters beside each other are wider than the matrix: the names of its columns stand upright. */
const MOST_LETTERS = 32;

/** Positions in the matrix. */
interface Cell {
  readonly row: number;
  readonly column: number;
}

export function Confusion({ subject, report }: Judged) {
  const [unit, setUnit] = useState<(typeof UNITS)[number]>('counts');
  const [shown, setShown] = useState<Cell | undefined>(undefined);
  const { classNames: classes } = subject.lesson;
  const noun = classNoun(datasetOf(subject.lesson.configuration.dataset));
  const matrix = report.document.confusion_matrix;
  const full = fullShareOf(matrix);
  const letters = Math.max(...classes.map((name) => name.length));
  const isShown = shown !== undefined && Math.max(shown.row, shown.column) < classes.length;
  return (
    <section class="panel-section">
      <div class="panel-heading">
        <h2 id="confusion">Confusion matrix</h2>
        <fieldset class="segments" aria-label="Unit of the matrix">
          <Segments
            name="confusion-unit"
            choices={UNITS}
            titleOf={(value) => UNIT_TITLES[value]}
            chosen={unit}
            onChoose={setUnit}
          />
        </fieldset>
      </div>
      <p class="source">
        A row for each true {noun}, a column for each predicted {noun}. Choose a cell to see its
        samples.
      </p>
      <div class="matrix-row">
        <ScrollRegion label="Confusion matrix">
          <table
            class={classes.length * letters > MOST_LETTERS ? 'matrix is-crowded' : 'matrix'}
            aria-labelledby="confusion"
            style={{ '--classes': classes.length, '--letters': letters }}
          >
            <thead>
              <tr>
                <td class="matrix-corner" />
                {classes.map((name) => (
                  <th scope="col" key={name}>
                    <span>{name}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {matrix.map((values, row) => (
                <tr key={classes[row]}>
                  <th scope="row">{classes[row]}</th>
                  {values.map((value, column) => (
                    <td key={classes[column]}>
                      <button
                        type="button"
                        class={`matrix-cell ${kindOf(value, row === column)}`}
                        style={{ '--share': shareOf(value, values) / (row === column ? 1 : full) }}
                        aria-pressed={shown?.row === row && shown.column === column}
                        aria-label={`${count(value, 'sample')} of ${classes[row]} predicted as ${classes[column]}, share ${formatFixed(shareOf(value, values), 2)}`}
                        onClick={() => setShown({ row, column })}
                      >
                        {unit === 'counts'
                          ? integer(value)
                          : formatFixed(shareOf(value, values), 2)}
                      </button>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
        {isShown && <CellImages cell={shown} subject={subject} report={report} />}
      </div>
    </section>
  );
}

function kindOf(value: number, isDiagonal: boolean): string {
  if (value === 0) return 'is-empty';
  return isDiagonal ? 'is-diagonal' : 'is-confused';
}

/** The largest share of any confusion: which are confused with which is seen however rare all of them are. */
function fullShareOf(matrix: readonly (readonly number[])[]): number {
  const shares = matrix.flatMap((values, row) =>
    values.map((value, column) => (row === column ? 0 : shareOf(value, values))),
  );
  return Math.max(LEAST_FULL, ...shares);
}

function shareOf(value: number, row: readonly number[]): number {
  const total = row.reduce((sum, other) => sum + other, 0);
  return total === 0 ? 0 : value / total;
}

function CellImages({ cell: { row, column }, subject, report }: Judged & { readonly cell: Cell }) {
  const { classNames: classes } = subject.lesson;
  const { predictions } = report.document;
  const samples = report.labels.flatMap((label, sample) =>
    label === row && predictions[sample] === column ? [sample] : [],
  );
  return (
    <div class="matrix-images">
      <h3>
        True {classes[row]}, predicted {classes[column]}: {count(samples.length, 'sample')}
      </h3>
      <SampleGrid
        name="cell"
        samples={samples}
        subject={subject}
        report={report}
        nothing="No sample was classified like this."
      />
    </div>
  );
}
