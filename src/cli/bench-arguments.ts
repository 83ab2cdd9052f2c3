/** The command line of `npm run bench`. */
import { WORKLOAD_NAMES, type WorkloadName } from '../bench/workloads';
import {
  type Flags,
  flagsHelp,
  readFlags,
  readValue,
  switchFlag,
  UsageError,
  type ValueFlag,
} from './arguments';
import { CLEAR_TUNING_FLAG, isToClearTuning } from './clear-tuning';
import { type RuntimeChoice, runtimeFlag } from './runtime';

interface BenchArguments {
  readonly help: boolean;
  /** One JSON document on standard output instead of the tables. */
  readonly json: boolean;
  readonly quick: boolean;
  /** Forget what tuning measured, and measure nothing. */
  readonly clearTuning: boolean;
  readonly workloads: readonly WorkloadName[];
  /** The file for the picture of the sweep. */
  readonly picture?: string;
  /** Where webgpu runs. */
  readonly runtime: RuntimeChoice;
}

const ONLY: ValueFlag<readonly WorkloadName[]> = {
  kind: 'value',
  allowed: `one or more of ${WORKLOAD_NAMES.join(', ')}, separated by commas`,
  help: 'Workloads to measure.',
  fallback: WORKLOAD_NAMES.join(','),
  read(text) {
    const names = text.split(',').map((name) => name.trim());
    const chosen = WORKLOAD_NAMES.filter((name) => names.includes(name));
    return names.every((name) => chosen.some((known) => known === name)) ? chosen : undefined;
  },
};

export const BENCH_FLAGS = {
  '--only': ONLY,
  '--runtime': runtimeFlag(
    'chromium',
    `\nOf the contenders TensorFlow.js and jax-js need a page: they run in chromium only.`,
  ),
  '--quick': switchFlag(
    'Fewer and shorter rounds, fewer sizes: five minutes without the sweep on two cores.',
  ),
  '--picture': {
    kind: 'value',
    allowed: 'the name of an SVG file to write',
    help: 'Draw the sweep into an SVG file: how many times as fast WebGPU is as the CPU, over width and batch.',
  },
  '--json': switchFlag('Print one JSON document on standard output, progress on standard error.'),
  '--clear-tuning': {
    ...CLEAR_TUNING_FLAG,
    help: `${CLEAR_TUNING_FLAG.help}\nThe benchmark itself takes nothing from there: it measures the plans each time.`,
  },
  '--help': switchFlag('Print this.'),
} as const satisfies Flags;

export const BENCH_HELP = `Measures the backends beside TensorFlow.js and jax-js in a headless Chromium, or
by themselves in Dawn.

Usage: npm run bench -- [flags]

${flagsHelp(BENCH_FLAGS)}
`;

/**
 * What a command line asks for; the workloads in their own order, each once.
 *
 * @throws UsageError in one line, for a flag or a value that is not allowed
 */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const values = readFlags(args, BENCH_FLAGS);
  const picture = values.get('--picture');
  const workloads = readValue(values, '--only', ONLY);
  if (picture !== undefined && !workloads.includes('sweep')) {
    throw new UsageError('--picture has no effect without the workload sweep, which it draws');
  }
  return {
    help: values.has('--help'),
    ...(picture !== undefined && { picture }),
    json: values.has('--json'),
    quick: values.has('--quick'),
    clearTuning: isToClearTuning(values),
    workloads,
    runtime: readValue(values, '--runtime', BENCH_FLAGS['--runtime']),
  };
}
