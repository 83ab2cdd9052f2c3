/**
 * Where everything of one network lies in one WebAssembly memory: named regions, laid out before
 * anything is allocated, as llm.c does. The layouts are those of src/cpu/assembly/layout.ts.
 */
import { BYTE_VALUES, byteTables } from '../data/samples';
import { cpuOf } from '../layers/cpu';
import { inputsOf, layersOf, layersSetting, multiplyAddsOf } from '../model/network-spec';
import { trainedPart } from '../model/trained-part';
import type { Problem } from '../training/backend';
import { InvalidInputError } from '../training/errors';
import { momentsOf } from '../training/hyperparameters';
import { StepSequence } from '../training/steps';
import { BLOCK, PANEL, roundUp } from './panels';
import type { Lying } from './sample-memory';
import { BLOCK_BYTES, SLOT_BYTES } from './threads/kernel-thread.mjs';
import { LEAST_WORK } from './threads/shared-kernels';
import { TILE_BYTES } from './threads/slices';
import { slicesFor } from './threads/team';
import { type MemoryPlan, MOST_BYTES, PAGE_BYTES, type Region } from './workspace';

/** Samples that go through the network together: larger batches go in parts, which the cache likes. */
export const MOST_ROWS = 512;
const ALIGNMENT = 64;

/**
 * Plans the memory of a problem.
 *
 * @param threads - that work on it
 * @param lying - where its samples lie already, which must be bytes
 * @throws InvalidInputError where it passes what WebAssembly can address
 * @throws BackendUnavailableError where a layer's kind has no kernels here
 */
export function planMemory(problem: Problem, threads = 1, lying?: Lying): MemoryPlan {
  const { spec, hyperparameters, train, test } = problem;
  const steps = new StepSequence(hyperparameters, train.count);
  const rows = Math.min(MOST_ROWS, roundUp(Math.max(steps.batchRows, test.count), PANEL));
  const inputs = inputsOf(spec);
  const tables = byteTables(problem);
  const rowWidth = roundUp(inputs, PANEL);
  const panelWidth = roundUp(inputs, BLOCK);
  const trainRows = roundUp(train.count, PANEL);
  const testRows = roundUp(test.count, PANEL);
  const { layersBefore, start, length } = trainedPart(spec, hyperparameters.freeze);
  const trained = roundUp(length, BLOCK);

  const regions: Region[] = [];
  // Nothing lies at 0, which stands for a pointer that is not there.
  let end = roundUp(lying?.end ?? ALIGNMENT, ALIGNMENT);
  /** A region of `length` values of four bytes. */
  const add = (name: string, length: number) => {
    regions.push({ name, offset: end, bytes: 4 * length });
    end = roundUp(end + 4 * length, ALIGNMENT);
  };

  add('sums', 4);
  add('tiles', (slicesFor(threads) * TILE_BYTES) / 4);
  if (threads > 1) {
    add('thread-words', BLOCK_BYTES / 4);
    add('thread-slots', (slicesFor(threads) * SLOT_BYTES) / 4);
  }
  add('zeros', rowWidth);
  // An update goes in whole blocks from the first trained parameter on.
  add('parameters', roundUp(start + trained, BLOCK));
  add('gradients', trained);
  for (let i = 0; i < momentsOf(hyperparameters); i++) add(`moment-${i}`, trained);
  for (const place of layersOf(spec)) {
    const { index, layer, inputs, outputs, isOutput } = place;
    const cpu = cpuOf(layer);
    const usesGroups = cpu.gradientsFrom === 'groups';
    const isTrained = index > layersBefore;
    const passesBack = index - 1 > layersBefore;
    for (const region of cpu.regions(place, rows, slicesFor(threads), passesBack)) add(...region);
    add(`activations-${index}`, roundUp(outputs, BLOCK) * rows);
    if (!isOutput && isTrained) add(`deltas-${index}`, roundUp(outputs, BLOCK) * rows);
    if (!isOutput && layer.dropout > 0) {
      add(`mask-${index}`, roundUp(outputs, BLOCK) * rows);
    }
    if (index > 1 && isTrained && usesGroups) add(`groups-${index}`, roundUp(inputs, PANEL) * rows);
  }
  const widths = layersOf(spec)
    .filter(({ index, layer }) => index > layersBefore && cpuOf(layer).gradientsFrom === 'groups')
    .map(({ outputs }) => outputs);
  add('delta-blocks', roundUp(Math.max(...widths), BLOCK) * rows);
  add('staging', rows * rowWidth);
  add('batch-panels', rows * panelWidth);
  add('test-labels', testRows);
  add('train-labels', trainRows);
  if (tables > 0) {
    for (const [set, { count }] of [
      ['train', train],
      ['test', test],
    ] as const) {
      const bytes = count * inputs;
      if (lying === undefined) add(`${set}-bytes`, Math.ceil(bytes / 4));
      else regions.push({ name: `${set}-bytes`, offset: lying[set], bytes });
    }
    add('scaled-bytes', tables * BYTE_VALUES);
    const { augmentation } = train;
    if (augmentation !== undefined && augmentation.shift > 0) {
      add('moved-bytes', Math.ceil((rows * inputs) / 4));
    }
    if (augmentation?.hasNoise) add('noise-steps', roundUp(inputs, BLOCK));
  } else {
    add('test-panels', testRows * panelWidth);
    if (steps.isFullBatch) {
      add('train-panels', trainRows * panelWidth);
      add('train-groups', trainRows * rowWidth);
    } else {
      add('train-rows', train.count * rowWidth);
    }
  }
  if (tables > 0 || !steps.isFullBatch) add('batch-groups', rows * rowWidth);
  if (!steps.isFullBatch) {
    add('batch-labels', rows);
    add('batch-rows', rows);
  }

  if (end >= MOST_BYTES) {
    const mebibytes = Math.ceil(end / 2 ** 20);
    throw new InvalidInputError(
      ...layersSetting(spec),
      `this network and its data take ${mebibytes} MiB, and the backend cpu has at most ${MOST_BYTES / 2 ** 20}`,
    );
  }
  const pages = Math.ceil(end / PAGE_BYTES);
  return { regions, rows, frozen: start, pages, ...(lying !== undefined && { hasSamples: true }) };
}

/** Whether one of a problem's products is large enough to be shared out. */
export function paysThreads({ spec, hyperparameters, train }: Problem): boolean {
  const { batchRows } = new StepSequence(hyperparameters, train.count);
  const samples = Math.min(MOST_ROWS, batchRows);
  return layersOf(spec).some((place) => samples * multiplyAddsOf(place) >= LEAST_WORK);
}
