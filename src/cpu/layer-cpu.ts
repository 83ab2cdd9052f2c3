/** What a layer kind gives the backend cpu: its regions in the memory, and its passes over panels of samples. */
import type { Activation, LayerActivation } from '../layers/activation';
import type { Layer, PlacedLayer } from '../layers/layer';
import type { Workspace } from './workspace';

/** The activations as src/cpu/assembly/activations.ts counts them. */
export const ACTIVATION_NUMBERS = {
  identity: 0,
  sigmoid: 1,
  tanh: 2,
  relu: 3,
  leaky_relu: 4,
} as const satisfies Record<Activation | 'identity', number>;

/** Values in panels of samples, `stride` bytes apart, from a first byte on. */
export interface Panels {
  readonly address: number;
  readonly stride: number;
}

/** What is kept of a layer behind it; addresses in bytes, 0 for what is not there. */
export interface LayerOutput {
  readonly index: number;
  readonly outputs: number;
  readonly activation: LayerActivation;
  /** Panels `stride` bytes apart. The output layer's delta takes the place of its logits. */
  readonly values: number;
  readonly delta: number;
  readonly stride: number;
  /** Dropout: its rate's threshold, the factors of a part, and the factor on units that are kept. */
  readonly threshold: number;
  readonly mask: number;
  readonly scale: number;
}

/** A layer at work in a workspace. */
export interface CpuPasses {
  /** Makes ready for `forward`, and for the way back; due after every change of the parameters. */
  packForForward(): void;
  packForBackward(): void;
  /** Leaves the layer's output for `panels` panels; `trains` puts dropout in. */
  forward(input: Panels, panels: number, trains: boolean): void;
  /**
   * Gradients of the mean loss from the layer's delta.
   *
   * @param input - the layer's input, as `gradientsFrom` says
   * @param scale - 1 / (samples of the whole batch)
   * @param adds - to the gradients of the parts before
   */
  gradients(input: Panels, panels: number, scale: number, adds: boolean): void;
  /** The delta of the layer before it, its activation and its dropout included. */
  backward(before: LayerOutput, panels: number): void;
}

/** A region of so many values of four bytes. */
type RegionSize = readonly [name: string, length: number];

export interface CpuLayer<L extends Layer = Layer> {
  /** How its gradients read its input: in panels of samples, or in groups of eight values over the samples. */
  readonly gradientsFrom: 'panels' | 'groups';
  /**
   * What it needs beside its output, delta and mask; `rows` samples at a time, a kernel's work in up to so
   * many slices.
   *
   * @param passesBack - whether it is asked for the delta of the layer before it
   */
  regions(
    place: PlacedLayer<L>,
    rows: number,
    slices: number,
    passesBack: boolean,
  ): readonly RegionSize[];
  open(place: PlacedLayer<L>, output: LayerOutput, workspace: Workspace): CpuPasses;
}

/** What a kind gives, or in words why the backend cpu does not take it. */
export type LayerCpu<L extends Layer = Layer> = CpuLayer<L> | { readonly declined: string };
