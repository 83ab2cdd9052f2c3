/** Hidden units that give 0 for every sample: with ReLU their gradient is 0 as well. */

/** What was found in each hidden layer. */
export interface DeadUnits {
  /** Epochs before the parameters that were looked at. */
  readonly epoch: number;
  /** Samples that every unit was tried on. */
  readonly samples: number;
  readonly layers: readonly DeadLayer[];
}

export interface DeadLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** Units of the layer. */
  readonly units: number;
  /** The dead ones, counted from 0. */
  readonly dead: readonly number[];
}

/**
 * The units of the hidden layers that are 0 for every sample.
 *
 * @param activations - of every layer, (count × width) each, the outputs last, as `forward` gives them
 * @param count - samples, at least 1
 * @param epoch - epochs before the parameters
 */
export function findDeadUnits(
  activations: readonly Float64Array[],
  count: number,
  epoch: number,
): DeadUnits {
  const layers = activations.slice(0, -1).map((values, position): DeadLayer => {
    const units = values.length / count;
    const alive = new Uint8Array(units);
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) alive[i % units] = 1;
    const dead = Array.from(alive.keys()).filter((unit) => alive[unit] === 0);
    return { layer: position + 1, units, dead };
  });
  return { epoch, samples: count, layers };
}
