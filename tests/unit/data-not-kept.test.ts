/** Data of one's own where the browser keeps nothing, as in a private window: they train for this visit. */
import { expect, it, vi } from 'vitest';
import { keepOrHandOver } from '../../src/app/lab/setup/own-data/own-data-state';
import { createTrainingService } from '../../src/app/worker/create-service';
import { fileHere } from '../../src/app/worker/files-here';
import { createOwnDataService } from '../../src/app/worker/own-data-service';
import { passOnFile } from '../../src/app/worker/race-client';
import { bringFile, setFileStore } from '../../src/data/registry';
import { checkConfiguration } from '../../src/training/configuration/check';

const AS_IT_IS = [{}, '', () => undefined, () => undefined] as const;
const TABLE = `x,y,kind\n${'1,2,a\n3,4.5,b\n'.repeat(10)}`;

it('are handed to the worker that trains, which has them as they were read', async () => {
  // Node has no IndexedDB at all: what a store in a private window does, it does as well.
  setFileStore(fileHere);
  const files = createOwnDataService();
  const { outcome } = await files.read([new File([TABLE], 'my.csv')], ...AS_IT_IS);
  if ('problem' in outcome) throw new Error(outcome.problem);
  const { description } = outcome;
  const configuration = checkConfiguration({ dataset: description.name });
  const training = createTrainingService();
  await expect(training.lesson(configuration)).rejects.toThrow('This needs the file my.csv');

  expect(await keepOrHandOver(files, training)).toMatch(/indexedDB/i);
  bringFile(description);
  const lesson = await training.lesson(configuration);
  expect(lesson.classNames).toEqual(['a', 'b']);
  expect(lesson.counts.map(({ train }) => train)).toEqual([8, 8]);
  // A race has a worker of its own, which gets them from there.
  vi.resetModules();
  const elsewhere = await import('../../src/app/worker/files-here');
  const { createRaceService } = await import('../../src/app/worker/create-race-service');
  expect(await elsewhere.fileHere(description.name)).toBeUndefined();
  await passOnFile(configuration, training, createRaceService());
  expect((await elsewhere.fileHere(description.name))?.rows.count).toBe(20);
  // Also once another was handed over: the run still has what it read.
  await files.read([new File([TABLE.replaceAll('b', 'c')], 'other.csv')], ...AS_IT_IS);
  await keepOrHandOver(files, training);
  const read = await training.brought(description.name);
  expect(read?.rows.count).toBe(20);
  expect(structuredClone(read)?.description).toEqual(description);
  // Here alone, and once.
  await expect(files.handOver()).rejects.toThrow('nothing to keep');
});
