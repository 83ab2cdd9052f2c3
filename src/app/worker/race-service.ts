/** What the panels of the race and of the kernels ask of a worker of their own. */
import type { PlanOptions, ScheduleKind } from '../../gpu/choices';
import type { KernelTiming } from '../../gpu/kernel-timer';
import type { Configuration } from '../../training/configuration/fields';
import type { RaceProgress } from './race';
import type { SweepName, SweepProgress } from './race-sweep';
import type { Obstacle } from './training-service';

/** What the device's own clock says of each kernel, or why it says nothing. */
export interface KernelTimes {
  readonly timings: readonly KernelTiming[];
  readonly obstacle?: string;
}

export interface RaceResult extends RaceProgress {
  /** Nothing where WebGPU did not race. */
  readonly kernels?: KernelTimes;
}

export interface RaceService {
  /**
   * Races WebGPU, the CPU and the reference.
   *
   * @param planOptions - how WebGPU lays the network out
   * @param obstacle - what the page itself found in the way of WebGPU, if anything
   */
  race(
    configuration: Configuration,
    epochs: number,
    planOptions: PlanOptions,
    obstacle: Obstacle | undefined,
    onProgress: (progress: RaceProgress) => void,
  ): Promise<RaceResult>;
  /** Sweeps over sizes. */
  sweep(
    sizes: SweepName,
    obstacle: Obstacle | undefined,
    onProgress: (progress: SweepProgress) => void,
  ): Promise<SweepProgress>;
  /** Times the kernels of a schedule. */
  timeKernels(
    configuration: Configuration,
    schedule: ScheduleKind,
    obstacle: Obstacle | undefined,
  ): Promise<KernelTimes>;
}
