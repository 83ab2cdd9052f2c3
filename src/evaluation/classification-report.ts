/** Precision, recall and F1 of each class: scikit-learn's `classification_report`, numbers and text. */
import { formatFixed } from '../training/format-fixed';

/** One line of the report; each score is between 0 and 1. */
export interface ReportRow {
  /** `Digit 0`, or `macro avg`. */
  readonly name: string;
  /** Of the samples predicted to be of the class, the share that is; 0 where there is none. */
  readonly precision: number;
  /** Of the samples of the class, the share that was found; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 where both are. */
  readonly f1: number;
  /** Number of samples of the class. */
  readonly support: number;
}

export interface ClassificationReport {
  readonly classes: readonly ReportRow[];
  readonly accuracy: number;
  /** The plain mean over classes. */
  readonly macroAverage: ReportRow;
  /** The mean over classes, weighted by their support. */
  readonly weightedAverage: ReportRow;
  /** Number of samples in all. */
  readonly support: number;
}

/**
 * The report on a confusion matrix.
 *
 * @param matrix - rows are true classes, columns predicted ones
 * @param names - a name a class
 */
export function classificationReport(
  matrix: readonly (readonly number[])[],
  names: readonly string[],
): ClassificationReport {
  const classes = names.map((name, index): ReportRow => {
    const hits = matrix[index][index];
    const support = matrix[index].reduce((sum, count) => sum + count, 0);
    const predicted = matrix.reduce((sum, row) => sum + row[index], 0);
    return {
      name,
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predicted),
      support,
    };
  });
  const support = classes.reduce((sum, row) => sum + row.support, 0);
  const hits = matrix.reduce((sum, row, index) => sum + row[index], 0);
  const average = (name: string, weight: (row: ReportRow) => number, total: number): ReportRow => ({
    name,
    precision: sumAsNumPy(classes.map((row) => row.precision * weight(row))) / total,
    recall: sumAsNumPy(classes.map((row) => row.recall * weight(row))) / total,
    f1: sumAsNumPy(classes.map((row) => row.f1 * weight(row))) / total,
    support,
  });
  return {
    classes,
    accuracy: ratio(hits, support),
    macroAverage: average('macro avg', () => 1, classes.length),
    weightedAverage: average('weighted avg', (row) => row.support, support),
    support,
  };
}

/** The report as scikit-learn prints it, two decimal places, ending in a line break. */
export function formatClassificationReport(report: ClassificationReport): string {
  const { classes, accuracy, macroAverage, weightedAverage, support } = report;
  const width = Math.max(...[...classes, weightedAverage].map((row) => row.name.length));
  const line = (name: string, cells: readonly string[]) =>
    `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}\n`;
  const lineOf = ({ name, precision, recall, f1, support }: ReportRow) =>
    line(name, [...[precision, recall, f1].map((score) => formatFixed(score, 2)), `${support}`]);
  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '\n',
    ...classes.map(lineOf),
    '\n',
    line('accuracy', ['', '', formatFixed(accuracy, 2), `${support}`]),
    lineOf(macroAverage),
    lineOf(weightedAverage),
  ].join('');
}

/** `part / whole`, 0 where the whole is 0 (scikit-learn's `zero_division` as it prints it). */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * A sum in the order in which NumPy adds up to 15 values: in eight lanes from eight values on. The
 * order decides the last bit, and that bit can decide the second decimal place of an average.
 */
function sumAsNumPy(values: readonly number[]): number {
  if (values.length < 8) return values.reduce((sum, value) => sum + value, 0);
  const [a, b, c, d, e, f, g, h, ...rest] = values;
  const lanes = a + b + (c + d) + (e + f + (g + h));
  return rest.reduce((sum, value) => sum + value, lanes);
}
