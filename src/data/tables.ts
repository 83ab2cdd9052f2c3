/**
 * Tables of measurements that come with the program: scikit-learn's `wine`, `iris` and `breast_cancer`,
 * with the same rows in the same order. `tests/fixtures/tables/make.py` writes their files.
 */
import type { Dataset } from './dataset';

type Described = Omit<Dataset, 'input' | 'range' | 'split' | 'load'> &
  Required<Pick<Dataset, 'featureNames' | 'featureRanges'>> & {
    readonly file: URL;
  };

function tableOf({ file, ...described }: Described): Dataset {
  const table: Dataset = {
    ...described,
    input: { channels: 1, height: 1, width: described.featureNames.length },
    range: [
      Math.min(...described.featureRanges.map(([least]) => least)),
      Math.max(...described.featureRanges.map(([, most]) => most)),
    ],
    split: { kind: 'stratified' },
    load: async () => (await import('./table-rows')).loadTable(table, file),
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
  featureRanges: [
    [11.03, 14.83],
    [0.74, 5.8],
    [1.36, 3.23],
    [10.6, 30],
    [70, 162],
    [0.98, 3.88],
    [0.34, 5.08],
    [0.13, 0.66],
    [0.41, 3.58],
    [1.28, 13],
    [0.48, 1.71],
    [1.27, 4],
    [278, 1680],
  ],
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
  featureRanges: [
    [4.3, 7.9],
    [2, 4.4],
    [1, 6.9],
    [0.1, 2.5],
  ],
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
  featureRanges: [
    [6.981, 28.11],
    [9.71, 39.28],
    [43.79, 188.5],
    [143.5, 2501],
    [0.05263, 0.1634],
    [0.01938, 0.3454],
    [0, 0.4268],
    [0, 0.2012],
    [0.106, 0.304],
    [0.04996, 0.09744],
    [0.1115, 2.873],
    [0.3602, 4.885],
    [0.757, 21.98],
    [6.802, 542.2],
    [0.001713, 0.03113],
    [0.002252, 0.1354],
    [0, 0.396],
    [0, 0.05279],
    [0.007882, 0.07895],
    [0.0008948, 0.02984],
    [7.93, 36.04],
    [12.02, 49.54],
    [50.41, 251.2],
    [185.2, 4254],
    [0.07117, 0.2226],
    [0.02729, 1.058],
    [0, 1.252],
    [0, 0.291],
    [0.1565, 0.6638],
    [0.05504, 0.2075],
  ],
  file: new URL('../../data/breast_cancer.csv', import.meta.url),
});
