/** The command line of `npm run bench`. */
import { WORKLOAD_NAMES, type WorkloadName } from '../bench/workloads';
import { type Flag, quote, readFlags, UsageError } from './arguments';
import { CLEAR_TUNING_HELP, isToClearTuning } from './clear-tuning';

export interface BenchArguments {
  readonly help: boolean;
  /** One JSON document on standard output instead of the tables. */
  readonly json: boolean;
  readonly quick: boolean;
  /** Forget what tuning measured, and measure nothing. */
  readonly clearTuning: boolean;
  readonly workloads: readonly WorkloadName[];
}

const ALLOWED_WORKLOADS = `one or more of ${WORKLOAD_NAMES.join(', ')}, separated by commas`;

const FLAGS = {
  '--only': { kind: 'value', allowed: ALLOWED_WORKLOADS },
  '--quick': { kind: 'switch', allowed: 'no value' },
  '--clear-tuning': { kind: 'switch', allowed: 'no value' },
  '--json': { kind: 'switch', allowed: 'no value' },
  '--help': { kind: 'switch', allowed: 'no value' },
} as const satisfies Record<string, Flag>;

export const BENCH_HELP = `Measures the backends beside TensorFlow.js and jax-js in a headless Chromium.

Usage: npm run bench -- [flags]

  --only           Workloads to measure: ${ALLOWED_WORKLOADS}; default all of them.
  --quick          Fewer and shorter rounds, fewer sizes: two minutes without sweep and growth on two cores.
  --json           Print one JSON document on standard output, progress on standard error.
  --clear-tuning   ${CLEAR_TUNING_HELP.join(`\n${' '.repeat(19)}`)}
                   The benchmark itself takes nothing from there: it measures the plans each time.
  --help           Print this.
`;

/**
 * What a command line asks for; the workloads in their own order, each once.
 *
 * @throws UsageError in one line, for a flag or a value that is not allowed
 */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const values = readFlags(args, FLAGS);
  const only = values.get('--only');
  return {
    help: values.has('--help'),
    json: values.has('--json'),
    quick: values.has('--quick'),
    clearTuning: isToClearTuning(values),
    workloads: only === undefined ? WORKLOAD_NAMES : readWorkloads(only),
  };
}

function readWorkloads(text: string): readonly WorkloadName[] {
  const names = text.split(',').map((name) => name.trim());
  const isKnown = (name: string) => WORKLOAD_NAMES.some((known) => known === name);
  if (!names.every(isKnown)) {
    throw new UsageError(`--only: ${quote(text)} is not allowed; ${ALLOWED_WORKLOADS}`);
  }
  return WORKLOAD_NAMES.filter((name) => names.includes(name));
}
