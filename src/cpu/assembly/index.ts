/**
 * The kernels of the cpu backend, in AssemblyScript. They work on pointers into one imported memory,
 * which src/cpu/memory-plan.ts lays out; nothing here allocates.
 */

export { addNoise, moveBytes } from './augment';
export { convBackwardDelta, convBackwardWeights, convForward, packChannels } from './conv';
export { backwardBiases, backwardDelta, backwardWeights, forward } from './dense';
export { maskPanels } from './dropout';
export {
  binaryCrossEntropy,
  sigmoidProbabilities,
  softmaxCrossEntropy,
  softmaxProbabilities,
} from './loss';
export { adamUpdate, addScaled, rmspropUpdate, sgdUpdate, sumOfSquares } from './optimizers';
export {
  gatherLabels,
  gatherSamples,
  packColumns,
  packRows,
  transposePanels,
  unpackBytes,
} from './pack';
export { poolBackward, poolForward } from './pool';
