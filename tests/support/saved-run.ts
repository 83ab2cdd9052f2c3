/** A saved run through text and back, as a file or the browser's storage would carry it. */
import type { TrainingState } from '../../src/training/backend';
import type { SavedRun } from '../../src/training/trainer';

export function throughJson(saved: SavedRun): SavedRun {
  const text = JSON.stringify(saved, (_, value: unknown) =>
    value instanceof Float64Array ? Array.from(value) : value,
  );
  const read = JSON.parse(text) as SavedRun;
  return {
    ...read,
    state: withArrays(read.state),
    ...(read.best === undefined ? {} : { best: withArrays(read.best) }),
  };
}

function withArrays(state: TrainingState): TrainingState {
  return {
    ...state,
    parameters: Float64Array.from(state.parameters),
    optimizer: state.optimizer.map((array) => Float64Array.from(array)),
  };
}
