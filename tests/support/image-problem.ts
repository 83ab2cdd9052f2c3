/** Problems of random images in any shape, as of a file that somebody brought. */
import type { Rows } from '../../src/data/dataset';
import { absentFile, fileDatasetName } from '../../src/data/file-dataset';
import { bringFile } from '../../src/data/registry';
import { RandomState } from '../../src/numpy/random-state';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';

/** `count` images of random bytes, of two classes in turn; one of the classes is darker. */
export function imageProblem(
  values: Partial<Configuration>,
  [height, width]: readonly [height: number, width: number],
  count: number,
): Problem {
  const reference = {
    ...{ file: 'images', bytes: 1, sha256: '0'.repeat(64), classes: 2, areImages: true },
    input: { channels: 1, height, width },
  };
  const dataset = fileDatasetName(reference);
  bringFile({ ...absentFile(reference), range: [0, 255] });
  const random = new RandomState(5);
  const features = height * width;
  const labels = Uint8Array.from({ length: count }, (_, row) => row % 2);
  const rows: Rows = {
    values: Uint8Array.from({ length: count * features }, (_, i) =>
      random.boundedInteger(labels[Math.floor(i / features)] === 0 ? 180 : 255),
    ),
    ...{ labels, count, features },
  };
  return prepare(checkConfiguration({ ...values, dataset }), rows).problem;
}
