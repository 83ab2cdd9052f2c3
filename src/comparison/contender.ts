/**
 * What is measured: contenders that train the same problem, each in its best form. An epoch is the
 * unit of work everywhere; a workload whose batch is the whole set makes it one step.
 */
import type { Problem } from '../training/backend';

/** A problem opened by a contender: data on its device, programs compiled, parameters initial. */
export interface Training {
  /** Trains `epochs` epochs and resolves when their arithmetic is done. */
  train(epochs: number): Promise<void>;
  /** Trains `epochs` epochs and gives each one's loss: the mean before the updates, over the set. */
  losses(epochs: number): Promise<readonly number[]>;
  /** What a reader should know of the form that was chosen, for instance the tuned schedule. */
  readonly note?: string;
  dispose(): void;
}

/**
 * Opens a problem.
 *
 * @throws InvalidInputError or BackendUnavailableError where it declines the problem or this browser
 */
export type Prepare = (problem: Problem) => Promise<Training>;

export interface Contender {
  readonly name: string;
  readonly prepare: Prepare;
}
