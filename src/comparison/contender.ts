/**
 * What is measured: contenders that train the same problem, each in its best form. An epoch is the
 * unit of work everywhere; a workload whose batch is the whole set makes it one step.
 */
import type { Problem } from '../training/backend';
import type { DeviceSpeed, EpochOnDevice } from './time-split';

/** A device that can be asked where the time goes; rejects in words where it has no clock. */
export interface TrainingDevice {
  epoch(): Promise<EpochOnDevice>;
  /** Of the device itself, whatever trains on it. */
  speed(): Promise<DeviceSpeed>;
}

/** A problem opened by a contender: data on its device, programs compiled, parameters initial. */
export interface Training {
  /** Trains `epochs` epochs and resolves when their arithmetic is done. */
  train(epochs: number): Promise<void>;
  /** Trains `epochs` epochs and gives each one's loss: the mean before the updates, over the set. */
  losses(epochs: number): Promise<readonly number[]>;
  /** Of those that compute on a device. */
  readonly device?: TrainingDevice;
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
