/**
 * What a kind of device needs where nothing was measured on it: how many threads keep it busy, and which
 * kernels suit it. Measuring starts from these, and may find others.
 */
import type { DeviceClass } from '../../training/backend';
import type { ProblemShape } from './plan';

/** That of a plan which is for no device in particular. */
const DEFAULT_CLASS: DeviceClass = 'software';

interface ClassDefaults {
  /**
   * Fewer threads than this leave it idle. On a software adapter two workgroups keep the cores busy; the
   * smaller GPUs hold 4,000 to 8,000 threads at once, a large card 270,000, of which some 16,000 hide
   * what each waits for.
   */
  readonly leastThreads: number;
  /**
   * Workgroups from which on matrix products share tiles in workgroup memory: the 130 multiprocessors of a
   * large card are then busy, few of them twice. On a software adapter tiles take twice as long as blocks
   * in registers, and where workgroup memory is no faster than the caches, as in Apple's GPUs, they are
   * left to measurement.
   */
  readonly leastTiles: number;
  /**
   * Whether threads share out the sums of a small product that would leave the device idle: a step of a
   * sum waits 200 ns for what it loads, and a hundred steps longer than a tree of sums or a dispatch takes.
   */
  readonly sharesK: boolean;
  /** Whether loads cost the most, so that an invocation should take four samples: no more threads than lanes. */
  readonly savesLoads: boolean;
  /**
   * Invocations of a workgroup of the sample-parallel kernels: of samples, where these are few, and of
   * blocks of parameters, each summed by one. GPUs run 32 or 64 in step, and leave those idle that a
   * workgroup does not have.
   */
  readonly workgroups: Readonly<Record<'fewSamples' | 'blocks', number>>;
  /**
   * Values that an invocation sums alone. More of a bias's gradient are shared by those of a workgroup;
   * more of a loss or of a norm by many workgroups, and a second dispatch adds up what they found: 3 to
   * 5 µs on a card, where an invocation waits longer for a hundred values, and all other units are idle.
   * The few cores of a software adapter gain nothing by it that shows beside the products.
   */
  readonly sumsAlone: number;
}

const ON_GPUS = {
  sharesK: true,
  savesLoads: false,
  workgroups: { fewSamples: 32, blocks: 64 },
  sumsAlone: 128,
} as const;

const DEFAULTS = {
  software: {
    leastThreads: 128,
    leastTiles: Number.POSITIVE_INFINITY,
    sharesK: false,
    savesLoads: true,
    workgroups: { fewSamples: 8, blocks: 16 },
    sumsAlone: Number.POSITIVE_INFINITY,
  },
  integrated: { leastThreads: 4096, leastTiles: Number.POSITIVE_INFINITY, ...ON_GPUS },
  discrete: { leastThreads: 16_384, leastTiles: 128, ...ON_GPUS },
} as const satisfies Record<DeviceClass, ClassDefaults>;

/** All kinds, the smallest first. */
export const DEVICE_CLASSES = Object.keys(DEFAULTS) as readonly DeviceClass[];

/** The defaults for the device that a plan is for. */
export function defaultsFor({ deviceClass = DEFAULT_CLASS }: Pick<ProblemShape, 'deviceClass'>) {
  return DEFAULTS[deviceClass];
}
