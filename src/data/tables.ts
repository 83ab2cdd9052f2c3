/**
 * Tables of measurements that come with the program: scikit-learn's `wine`, `iris` and `breast_cancer`,
 * with the same rows in the same order. `tests/fixtures/tables/make.py` writes their files.
 */
import { DataFormatError, type Dataset, featuresOf, type Rows } from './dataset';
import { readText } from './read-file';

type Described = Omit<Dataset, 'input' | 'split' | 'load' | 'featureNames'> & {
  readonly featureNames: readonly string[];
  readonly file: URL;
};

function tableOf({ file, ...described }: Described): Dataset {
  const table: Dataset = {
    ...described,
    input: { channels: 1, height: 1, width: described.featureNames.length },
    split: { kind: 'stratified' },
    load: async () => parseTable(table, await readText(file)),
  };
  return table;
}

export const wine = tableOf({
  name: 'wine',
  title: 'Wine',
  description:
    'Wines from one region in Italy, pressed from three kinds of grapes: thirteen measurements of a laboratory each.',
  source: 'Wine, S. Aeberhard and M. Forina, UCI Machine Learning Repository, CC BY 4.0',
  featureNames: [
    ...['alcohol', 'malic_acid', 'ash', 'alcalinity_of_ash', 'magnesium', 'total_phenols'],
    ...['flavanoids', 'nonflavanoid_phenols', 'proanthocyanins', 'color_intensity', 'hue'],
    ...['od280/od315_of_diluted_wines', 'proline'],
  ],
  classNames: ['class_0', 'class_1', 'class_2'],
  noun: 'wine',
  range: [0.13, 1680],
  file: new URL('../../data/wine.csv', import.meta.url),
});

export const iris = tableOf({
  name: 'iris',
  title: 'Iris flowers',
  description:
    'Flowers of three species of iris: length and width of their sepals and petals in centimetres.',
  source: 'Iris, R. A. Fisher, UCI Machine Learning Repository, CC BY 4.0',
  featureNames: [
    ...['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'],
  ],
  classNames: ['setosa', 'versicolor', 'virginica'],
  noun: 'flower',
  range: [0.1, 7.9],
  file: new URL('../../data/iris.csv', import.meta.url),
});

const NUCLEUS = [
  ...['radius', 'texture', 'perimeter', 'area', 'smoothness', 'compactness', 'concavity'],
  ...['concave points', 'symmetry', 'fractal dimension'],
];

export const breastCancer = tableOf({
  name: 'breast_cancer',
  title: 'Breast cancer',
  description:
    'Lumps of the breast, found malignant or benign: ten properties of the cells’ nuclei under the microscope, each with its mean, its standard error and its worst value.',
  source:
    'Breast Cancer Wisconsin (Diagnostic), W. Wolberg, O. Mangasarian, N. Street and W. Street, UCI Machine Learning Repository, CC BY 4.0',
  featureNames: [
    ...NUCLEUS.map((name) => `mean ${name}`),
    ...NUCLEUS.map((name) => `${name} error`),
    ...NUCLEUS.map((name) => `worst ${name}`),
  ],
  classNames: ['malignant', 'benign'],
  noun: 'lump',
  range: [0, 4254],
  file: new URL('../../data/breast_cancer.csv', import.meta.url),
});

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
