/** Folders that are dropped on the page: all that is in them, and what of it is data. */
import { describe, expect, it } from 'vitest';
import { dataFilesOf, filesIn } from '../../src/app/lab/setup/own-data/folder-files';
import { createOwnDataService } from '../../src/app/worker/own-data-service';
import { parseFileDataset } from '../../src/data/file-dataset';
import { idxSet } from '../support/idx-files';

/** Entries as a browser has them, of which a folder gives two at a time. */
function entry(name: string, inside?: readonly FileSystemEntry[]): FileSystemEntry {
  const fileEntry = {
    ...{ name, isFile: inside === undefined, isDirectory: inside !== undefined },
    file: (done: (file: File) => void) => done(new File(['1'], name)),
    createReader: () => {
      const left = [...(inside ?? [])];
      return {
        readEntries: (done: (some: readonly FileSystemEntry[]) => void) => done(left.splice(0, 2)),
      };
    },
  };
  return fileEntry as unknown as FileSystemEntry;
}

const FOUR = [
  ...['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'],
  ...['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'],
];
const namesOf = (files: readonly File[]) => files.map(({ name }) => name);

describe('a folder', () => {
  it('gives the files of MNIST and its kin from all of it, and leaves the rest', async () => {
    const inner = entry('raw', [...FOUR.map((name) => entry(name)), entry('notes.csv')]);
    const outer = entry('fashion', [entry('README.md'), inner]);
    expect(namesOf(await filesIn([outer]))).toEqual(FOUR);
  });

  it('gives the one table that is in it', async () => {
    const folder = entry('wines', [entry('a.CSV'), entry('a.docx'), entry('LICENSE')]);
    expect(namesOf(await filesIn([folder]))).toEqual(['a.CSV']);
    // Which of two is meant, nobody knows.
    const two = [new File([], 'a.csv'), new File([], 'b.csv')];
    expect(dataFilesOf(two)).toEqual(two);
  });

  it('is refused where it has a whole disk in it', async () => {
    const many = entry(
      'disk',
      Array.from({ length: 2001 }, (_, i) => entry(`${i}`)),
    );
    await expect(filesIn([many])).rejects.toThrow('more than 2000 files');
  });
});

it('gives a set of images its name, and a link to it; files that were chosen say what they are', async () => {
  const files = idxSet(6, 4).map(({ name, bytes }) => new File([bytes], name));
  const read = async (folder?: string) => {
    const { outcome } = await createOwnDataService().read(
      files,
      ...([{}, '', () => undefined, () => undefined, folder] as const),
    );
    if ('problem' in outcome) throw new Error(outcome.problem);
    const { title, name } = outcome.description;
    return [title, parseFileDataset(name)?.file];
  };
  expect(await read('clothes')).toEqual(['clothes', 'clothes']);
  expect(await read()).toEqual(['Images of 2 × 3', 't10k-images-idx3-ubyte and 3 more']);
});
