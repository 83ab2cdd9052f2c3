/** What the panels of the race and of the kernels ask of a worker of their own. */

import type { BroughtFile } from '../../data/registry';
import type { PlanOptions, ScheduleChoice } from '../../gpu/plan/choices';
import type { KernelTiming } from '../../gpu/runtime/kernel-timer';
import type { PlanDescription } from '../../training/backend';
import type { Configuration } from '../../training/configuration/fields';
import type { RaceLength, RaceProgress } from './race';
import type { SweepName, SweepProgress } from './race-sweep';

/** What the device's own clock says of each kernel, or why it says nothing. */
export interface KernelTimes {
  readonly timings: readonly KernelTiming[];
  readonly obstacle?: string;
}

/** A plan with what its kernels take, or why nobody can tell. */
export interface TimedPlan {
  readonly plan: PlanDescription;
  readonly obstacle?: string;
}

/** A plan by its schedule, and by its name where it is not the one of the fixed table. */
export interface NamedPlan {
  readonly schedule: ScheduleChoice;
  readonly candidate?: string;
}

export interface RaceResult extends RaceProgress {
  /** Nothing where WebGPU did not race. */
  readonly kernels?: KernelTimes;
}

export interface RaceService {
  /** Takes the rows of a file that the browser does not keep, for as long as the worker lives. */
  bring(file: BroughtFile): Promise<void>;
  /**
   * Races WebGPU, the CPU and the reference.
   *
   * @param planOptions - how WebGPU lays the network out
   */
  race(
    configuration: Configuration,
    length: RaceLength,
    planOptions: PlanOptions,
    onProgress: (progress: RaceProgress) => void,
  ): Promise<RaceResult>;
  /** Sweeps over sizes. */
  sweep(sizes: SweepName, onProgress: (progress: SweepProgress) => void): Promise<SweepProgress>;
  /** Times the kernels of a plan. Rejects where WebGPU cannot be had. */
  timeKernels(configuration: Configuration, plan: NamedPlan): Promise<TimedPlan>;
}
