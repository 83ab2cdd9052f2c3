/**
 * A plan in plain data, as whoever runs it hands it out: what the page shows and the command line
 * prints. It survives the way from a worker to the page.
 */
import type { LayerFormulaName } from '../layers/layer';

/** A candidate and what it took; without a time where it could not win, and then why. */
export interface CandidateTiming {
  /** Its name, as records of tuning have it. */
  readonly candidate: string;
  /** Milliseconds. */
  readonly msPerStep: number | null;
  readonly note: string;
  /** Milliseconds for compiling, checking and timing it, where it was tried. */
  readonly tookMs?: number;
}

/** Which plan a backend runs, and why that one. */
export interface PlanChoice {
  readonly schedule: string;
  /** The candidate's name, as records of tuning have it. */
  readonly candidate: string;
  readonly chosenBy: 'asked for' | 'fixed table' | 'stored measurement' | 'measurement';
  /** Of each candidate, where any was measured. */
  readonly timings: readonly CandidateTiming[];
  /** Milliseconds that all the measuring took. */
  readonly tuningMs?: number;
}

export type Phase =
  | 'prepare'
  | 'train'
  | 'forward'
  | 'loss'
  | 'backward'
  | 'update'
  | 'norms'
  | 'evaluation'
  | 'prediction';

/** A formula that a kernel may compute: one of its layer kind's, or of the network around the layers. */
export type FormulaName =
  | LayerFormulaName
  | 'scaling'
  | 'augmentation'
  | 'loss'
  | 'output-delta'
  | 'update'
  | 'norm'
  | 'transpose';

/** One dispatch of a plan. */
export interface StepDescription {
  readonly phase: Phase;
  /** The layer it works on, from 1; 0 for the whole network. */
  readonly layer: number;
  readonly kernel: string;
  /** One line for people: what it computes. */
  readonly summary: string;
  /** The line of NumPy that it stands for. */
  readonly numpy: string;
  /** The formulas that it computes, in their order. */
  readonly formulas: readonly FormulaName[];
  /** Functions of the float64 reference that do the same; none where it needs no such step. */
  readonly reference: readonly string[];
  /** The integers and enums that its WGSL was made of; a matrix product's variant by its name. */
  readonly shape: Readonly<Record<string, unknown>>;
  /** In x, y and z. */
  readonly workgroups: readonly [number, number, number];
  /** Names of the buffers that it reads, and of those that it writes. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Bytes of these buffers. */
  readonly bytes: number;
  readonly wgsl: string;
  /** What it took by the device's clock, where that was measured. */
  readonly milliseconds?: number;
}

export interface PlanDescription {
  readonly schedule: string;
  /** Why this plan; null where no backend runs it, or nobody chose it yet. */
  readonly choice: PlanChoice | null;
  /** Most steps that one run of `step` takes. */
  readonly stepsAtOnce: number;
  /** Before a submit's first step. */
  readonly chunk: readonly StepDescription[];
  /** For every batch. */
  readonly step: readonly StepDescription[];
  /** After an epoch's last batch. */
  readonly epoch: readonly StepDescription[];
  readonly prediction: readonly StepDescription[];
  readonly buffers: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all buffers, which are allocated before anything runs. */
  readonly bytes: number;
  /** Bytes that each checkpoint takes from its first use on. */
  readonly checkpointBytes: number;
}
