/**
 * The kernels of src/cpu/assembly as functions on one memory. Pointers are bytes in that memory, sizes
 * and strides are as the sources say; 0 stands for a pointer that is not there.
 */
import { RELAXED_SIMD, SIMD } from './assembly/index.ts?assemblyscript';

const MODULES = { 'relaxed-simd': RELAXED_SIMD, simd: SIMD } as const;

/** What the kernels are compiled for: four lanes, with fused multiply-add or without. */
export type Instructions = keyof typeof MODULES;

/** The best instructions that this browser or Node accepts; undefined where it has no SIMD. */
export function supportedInstructions(): Instructions | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  return (['relaxed-simd', 'simd'] as const).find((instructions) =>
    WebAssembly.validate(bytesOf(instructions)),
  );
}

/** The kernels, and the module that they come from, for other threads. */
export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly kernels: Kernels;
}

/** Compiles the kernels for a memory, which is a shared one. */
export async function compileKernels(
  instructions: Instructions,
  memory: WebAssembly.Memory,
): Promise<CompiledKernels> {
  const bytes = bytesOf(instructions);
  const { module, instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  // The types of a module's exports are not checked: `Kernels` is what assembly/ exports.
  return { module, kernels: instance.exports as unknown as Kernels };
}

function bytesOf(instructions: Instructions): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(MODULES[instructions]), (character) => character.charCodeAt(0));
}

type LossKernel = (
  logits: number,
  stride: number,
  outputs: number,
  rows: number,
  labels: number,
  least: number,
  most: number,
  trains: boolean,
  sums: number,
) => void;

type ProbabilitiesKernel = (logits: number, stride: number, outputs: number, rows: number) => void;

/** What src/cpu/assembly/index.ts exports; WebAssembly turns true and false into 1 and 0. */
export interface Kernels {
  packRows(matrix: number, rows: number, columns: number, blocks: number): void;
  packColumns(matrix: number, stride: number, rows: number, columns: number, blocks: number): void;
  transposePanels(
    panels: number,
    stride: number,
    units: number,
    count: number,
    groups: number,
    groupStride: number,
    width: 4 | 8,
  ): void;
  gatherSamples(
    features: number,
    stride: number,
    rows: number,
    count: number,
    zeros: number,
    columns: number,
    panels: number,
    panelStride: number,
    groups: number,
    groupStride: number,
  ): void;
  unpackBytes(
    bytes: number,
    scaled: number,
    tableStride: number,
    rows: number,
    count: number,
    columns: number,
    to: number,
    stride: number,
  ): void;
  moveBytes(
    bytes: number,
    rows: number,
    first: number,
    count: number,
    channels: number,
    height: number,
    width: number,
    shift: number,
    epoch: number,
    seed: number,
    to: number,
  ): void;
  addNoise(
    rows: number,
    first: number,
    count: number,
    columns: number,
    steps: number,
    epoch: number,
    seed: number,
    to: number,
    stride: number,
  ): void;
  gatherLabels(labels: number, rows: number, count: number, to: number): void;
  forward(
    weights: number,
    blocks: number,
    inputs: number,
    input: number,
    inputStride: number,
    panels: number,
    output: number,
    outputStride: number,
    biases: number,
    units: number,
    activation: number,
    slope: number,
    mask: number,
  ): void;
  backwardDelta(
    weights: number,
    blocks: number,
    nextUnits: number,
    nextDelta: number,
    nextStride: number,
    panels: number,
    delta: number,
    stride: number,
    activations: number,
    units: number,
    activation: number,
    slope: number,
    mask: number,
    keep: number,
  ): void;
  backwardWeights(
    delta: number,
    units: number,
    samples: number,
    input: number,
    inputStride: number,
    inputs: number,
    gradient: number,
    scale: number,
    adds: boolean,
    tile: number,
  ): void;
  backwardBiases(
    delta: number,
    stride: number,
    panels: number,
    units: number,
    places: number,
    gradient: number,
    scale: number,
    adds: boolean,
  ): void;
  packChannels(
    matrix: number,
    filters: number,
    channels: number,
    area: number,
    blocks: number,
  ): void;
  convForward(
    weights: number,
    depth: number,
    shape: number,
    input: number,
    inputStride: number,
    first: number,
    count: number,
    output: number,
    outputStride: number,
    width: number,
    biases: number,
    filters: number,
    activation: number,
    slope: number,
    mask: number,
    patch: number,
  ): void;
  convBackwardDelta(
    weights: number,
    depth: number,
    shape: number,
    nextDelta: number,
    nextStride: number,
    first: number,
    count: number,
    delta: number,
    stride: number,
    width: number,
    activations: number,
    channels: number,
    activation: number,
    slope: number,
    mask: number,
    keep: number,
    patch: number,
  ): void;
  convBackwardWeights(
    delta: number,
    deltaStride: number,
    shape: number,
    input: number,
    inputStride: number,
    panels: number,
    first: number,
    count: number,
    area: number,
    places: number,
    gradient: number,
    scale: number,
    adds: boolean,
    scratch: number,
  ): void;
  poolForward(
    input: number,
    inputStride: number,
    panels: number,
    channels: number,
    height: number,
    width: number,
    size: number,
    output: number,
    outputStride: number,
  ): void;
  poolBackward(
    nextDelta: number,
    nextStride: number,
    panels: number,
    channels: number,
    height: number,
    width: number,
    size: number,
    delta: number,
    stride: number,
    activations: number,
    activation: number,
    slope: number,
    mask: number,
    keep: number,
  ): void;
  binaryCrossEntropy: LossKernel;
  softmaxCrossEntropy: LossKernel;
  sigmoidProbabilities: ProbabilitiesKernel;
  softmaxProbabilities: ProbabilitiesKernel;
  maskPanels(
    mask: number,
    stride: number,
    panels: number,
    units: number,
    firstRow: number,
    step: number,
    layer: number,
    seed: number,
    threshold: number,
    scale: number,
  ): void;
  addScaled(target: number, source: number, length: number, factor: number): void;
  /** The three updates give 1 where gradients and parameters are finite. */
  sgdUpdate(
    parameters: number,
    gradients: number,
    velocity: number,
    length: number,
    rate: number,
    momentum: number,
    nesterov: boolean,
  ): number;
  rmspropUpdate(
    parameters: number,
    gradients: number,
    squareAverage: number,
    length: number,
    rate: number,
    alpha: number,
    rest: number,
    epsilon: number,
  ): number;
  adamUpdate(
    parameters: number,
    gradients: number,
    first: number,
    second: number,
    length: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    stepSize: number,
    inverseRoot: number,
    epsilon: number,
  ): number;
  sumOfSquares(values: number, length: number): number;
}
