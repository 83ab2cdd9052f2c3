/**
 * The files of MNIST and its kin (Fashion-MNIST, EMNIST, KMNIST), as people have them in a folder: images
 * and labels to train on and to test with, gzipped or not, in any order, told apart by what they hold.
 */
import { DataFormatError, MOST_CLASSES } from './dataset';
import { isIdx } from './file-kind';
import { type Idx, noIdx, parseIdx } from './idx';
import { MNIST_LABELS } from './mnist-rows';
import { sha256OfBytes } from './sha256';
import type { Table } from './table/table';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** In the order of its labels (H. Xiao, K. Rasul and R. Vollgraf, 2017). */
const FASHION_CLASSES = [
  ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
  ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
];

/** Of the labels that a set trains with, unpacked: the files of Fashion-MNIST are called as those of MNIST are. */
const TITLES: Readonly<Record<string, string | undefined>> = {
  [MNIST_LABELS]: 'MNIST',
  bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9: 'Fashion-MNIST',
};

/** Largest value of a byte. */
const MOST = 255;

interface Read extends Idx {
  readonly name: string;
  /** The file, unpacked. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a set of images from its four files, or from two that hold a training set alone, which is then
 * split by lot.
 *
 * @param files - as they were chosen; labels that are known tell Fashion-MNIST from other sets, and so does
 *   the name of a file, or of `folder`
 * @throws DataFormatError that names the file that is missing, or is not what it should be
 */
export async function readIdxFiles(files: readonly NamedBytes[], folder = ''): Promise<Table> {
  const read: Read[] = [];
  for (const file of files) {
    const bytes = await unpacked(file);
    if (!isIdx(bytes)) {
      const advice = 'Only images and labels are read together: bring a table by itself.';
      throw new DataFormatError(`${noIdx(file.name, bytes)} ${advice}`);
    }
    read.push({ name: file.name, bytes, ...parseIdx(bytes, file.name) });
  }
  const sets = setsOf(read);
  const [{ images }] = sets;
  const [, height, width] = images.shape;
  const features = height * width;
  const count = sets.reduce((sum, set) => sum + set.images.shape[0], 0);
  const values = new Uint8Array(count * features);
  const labels = new Uint8Array(count);
  let row = 0;
  for (const set of sets) {
    const [, ...size] = set.images.shape;
    if (size[0] !== height || size[1] !== width) {
      throw new DataFormatError(
        `${set.images.name} has images of ${size.join(' × ')} pixels, and ${images.name} of ${height} × ${width}.`,
      );
    }
    values.set(set.images.values, row * features);
    labels.set(set.labels.values, row);
    row += set.images.shape[0];
  }
  const names = [folder, ...files.map(({ name }) => name)];
  const counts = countsOf(labels, sets);
  const { name: label, bytes: labelBytes } = sets[0].labels;
  const known = TITLES[(await sha256OfBytes(labelBytes)) ?? ''];
  const isFashion =
    known === 'Fashion-MNIST' ||
    (known === undefined &&
      counts.length === FASHION_CLASSES.length &&
      names.some((name) => /fashion/i.test(name)));
  return {
    title: known ?? (folder || `Images of ${height} × ${width}`),
    found: {
      form: [`IDX, ${sets.map((set) => `${set.images.name} with ${set.labels.name}`).join(', ')}`],
      columns: [{ name: label, use: 'label' }],
      preview: [],
    },
    rows: { values, labels, count, features },
    input: { channels: 1, height, width },
    classNames: isFashion ? FASHION_CLASSES : counts.map((_, index) => `${index}`),
    classCounts: counts,
    constant: [],
    dropped: 0,
    range: [0, MOST],
    ...(sets.length > 1 && { trainRows: images.shape[0] }),
  };
}

async function unpacked({ name, bytes }: NamedBytes): Promise<Uint8Array<ArrayBuffer>> {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new DataFormatError(`${name} cannot be unpacked: the gzip file is cut off or damaged.`);
  }
}

interface ImageSet {
  readonly images: Read;
  readonly labels: Read;
}

/** Training set, and test set where there is one. */
function setsOf(read: readonly Read[]): readonly [ImageSet, ...ImageSet[]] {
  const images = read.filter(({ shape }) => shape.length === 3);
  const labels = read.filter(({ shape }) => shape.length === 1);
  const stranger = read.find(({ shape }) => shape.length !== 3 && shape.length !== 1);
  if (stranger !== undefined) {
    throw new DataFormatError(
      `${stranger.name} has ${stranger.shape.length} dimensions: images have three (count, rows, columns), labels one.`,
    );
  }
  const isWhole = images.length === labels.length && images.length >= 1 && images.length <= 2;
  if (!isWhole) {
    const names = read.map(({ name }) => name).join(', ');
    const has =
      read.length === 0
        ? 'none of them is here'
        : `here are ${images.length} of images and ${labels.length} of labels: ${names}`;
    throw new DataFormatError(
      `Four IDX files make a set, images and labels to train on and to test with, or two to train on alone; ${has}.`,
    );
  }
  const [train, ...test] = [...images].sort(byPurpose);
  const used = [...labels].sort(byPurpose);
  const pair = (image: Read, label: Read): ImageSet => {
    if (image.shape[0] !== label.shape[0]) {
      const [a, b] = [image.shape[0], label.shape[0]].map((count) => count.toLocaleString('en'));
      throw new DataFormatError(`${image.name} has ${a} images, and ${label.name} ${b} labels.`);
    }
    return { images: image, labels: label };
  };
  return [pair(train, used[0]), ...test.map((image, i) => pair(image, used[i + 1]))];
}

/** What is called a test comes last; of two names that do not say, the larger file is to train on. */
function byPurpose(a: Read, b: Read): number {
  const isTest = ({ name }: Read) => Number(/t10k|test|valid/i.test(name));
  return isTest(a) - isTest(b) || b.shape[0] - a.shape[0];
}

/** Rows of each class. */
function countsOf(labels: Uint8Array, sets: readonly ImageSet[]): readonly number[] {
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  if (classes > MOST_CLASSES) {
    const set = sets.find((one) => one.labels.values.includes(classes - 1));
    throw new DataFormatError(
      `${set?.labels.name} has a label of ${classes - 1}; at most ${MOST_CLASSES} classes, from 0 on, are told apart.`,
    );
  }
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]++;
  const empty = counts.indexOf(0);
  if (empty >= 0) {
    throw new DataFormatError(
      `No image is of class ${empty}, and the labels go up to ${classes - 1}.`,
    );
  }
  return counts;
}
