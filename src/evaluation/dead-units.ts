/** Hidden units that give 0 for every sample: with ReLU their gradient is 0 as well. */
import { gatherFeatures, type Unscaled } from '../data/samples';
import { nextTask } from '../training/next-task';

/** What was found in each hidden layer. */
export interface DeadUnits {
  /** Epochs before the parameters that were looked at. */
  readonly epoch: number;
  /** Samples that every unit was tried on. */
  readonly samples: number;
  readonly layers: readonly DeadLayer[];
}

interface DeadLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** Units of the layer, or filters, each of which has many values. */
  readonly units: number;
  /** The dead ones, counted from 0. */
  readonly dead: readonly number[];
}

/** Samples that are tried, evenly spread over the training set. */
const TRIED_SAMPLES = 64;
/** Multiply-adds at a time, some ten milliseconds of plain loops: whoever asks meanwhile is heard. */
const SLICE_PRODUCTS = 4e6;

/**
 * The units of the hidden layers that are 0 for each of up to 64 training samples. Tried in slices, with
 * room for other tasks between them.
 *
 * @param forward - the activations of every layer, (count × width) each, the outputs last
 * @param samples - the training set, at least one sample
 * @param products - about the multiply-adds of a sample
 * @param epoch - epochs before the parameters
 * @param sizes - values of a unit in each layer, by default one: those of a filter lie one behind the other
 */
export async function findDeadUnits(
  forward: (features: Float64Array, count: number) => readonly Float64Array[],
  samples: Unscaled,
  products: number,
  epoch: number,
  sizes: readonly number[] = [],
): Promise<DeadUnits> {
  const { count } = samples;
  const tried = Math.min(TRIED_SAMPLES, count);
  const slice = Math.max(1, Math.floor(SLICE_PRODUCTS / products));
  const alive: Uint8Array[] = [];
  for (let from = 0; from < tried; from += slice) {
    const rows = Math.min(slice, tried - from);
    const chosen = Uint32Array.from({ length: rows }, (_, row) =>
      Math.floor(((from + row) * count) / tried),
    );
    for (const [layer, values] of forward(gatherFeatures(samples, chosen), rows)
      .slice(0, -1)
      .entries()) {
      const size = sizes[layer] ?? 1;
      const units = values.length / rows / size;
      alive[layer] ??= new Uint8Array(units);
      for (let i = 0; i < values.length; i++) {
        if (values[i] !== 0) alive[layer][Math.floor(i / size) % units] = 1;
      }
    }
    await nextTask();
  }
  const layers = alive.map((units, position): DeadLayer => {
    const dead = Array.from(units.keys()).filter((unit) => units[unit] === 0);
    return { layer: position + 1, units: units.length, dead };
  });
  return { epoch, samples: tried, layers };
}
