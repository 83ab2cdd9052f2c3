/** Reads the rows of the tables in `tables.ts`. */
import { DataFormatError, type Dataset, featuresOf, type Rows } from './dataset';
import { readText } from './read-file';

export async function loadTable(dataset: Dataset, file: URL): Promise<Rows> {
  return parseTable(dataset, await readText(file));
}

/**
 * Reads a table of this folder: a header, then a sample a line, its class by name at the end. Tables of
 * other people are read with more care in `table/`.
 *
 * @throws DataFormatError for the first line that is not as the data set says
 */
export function parseTable(dataset: Dataset, csv: string): Rows<Float64Array> {
  const lines = csv.split(/\r?\n/).slice(1);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const features = featuresOf(dataset);
  const values = new Float64Array(lines.length * features);
  const labels = new Uint8Array(lines.length);
  for (const [row, line] of lines.entries()) {
    const texts = line.split(',');
    const label = dataset.classNames.indexOf(texts[features]);
    const numbers = texts.slice(0, features).map((text) => (text === '' ? Number.NaN : +text));
    if (texts.length !== features + 1 || label < 0 || !numbers.every(Number.isFinite)) {
      throw new DataFormatError(
        `Line ${row + 2} of ${dataset.name}.csv has not ${features} numbers and one of ${dataset.classNames.join(', ')}.`,
      );
    }
    values.set(numbers, row * features);
    labels[row] = label;
  }
  return { values, labels, count: lines.length, features };
}
