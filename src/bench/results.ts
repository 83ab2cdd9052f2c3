/** The benchmark's results: what is measured, and the document that leaves the program. */
import type { ContenderResult, WorkloadResult } from '../comparison/contender-result';
import type { Unit } from '../comparison/workload';
import type { RuntimeDocument } from '../session/runtime-document';

export interface Machine {
  /** Logical processors. */
  readonly cores: number;
  readonly os: string;
  readonly user_agent: string;
  /** Whether shared memory, and with it threads in WebAssembly, is to be had. */
  readonly cross_origin_isolated: boolean;
}

export interface Adapter {
  readonly description: string;
  /** True where the GPU is emulated on the CPU. */
  readonly isSoftware: boolean;
}

/** Everything a run gave. */
export interface BenchResult {
  readonly machine: Machine;
  /** Null where WebGPU has none. */
  readonly adapter: Adapter | null;
  readonly workloads: readonly WorkloadResult[];
  /** Points of the sweep and contenders that were left out, with the reason. */
  readonly skipped: readonly string[];
  /** Only from the command line. */
  readonly runtime?: RuntimeDocument;
}

/** The JSON document. */
export interface BenchDocument {
  readonly machine: Machine;
  readonly adapter: string;
  readonly runtime?: RuntimeDocument;
  readonly workloads: readonly {
    readonly name: string;
    readonly unit: Unit;
    readonly contenders: readonly Omit<ContenderResult, 'note'>[];
  }[];
}

/** Which part of the benchmark each workload belongs to. */
export function partsOf(workloads: readonly WorkloadResult[]) {
  return {
    single: workloads.filter(({ width }) => width === undefined),
    sweep: workloads.filter(({ width }) => width !== undefined),
  };
}

/** A result as the JSON document that `--json` prints; times in milliseconds. */
export function toDocument({ machine, adapter, workloads, runtime }: BenchResult): BenchDocument {
  const { single, sweep } = partsOf(workloads);
  return {
    machine,
    adapter: describeAdapter(adapter),
    ...(runtime !== undefined && { runtime }),
    workloads: [...single, ...sweep].map(({ name, unit, contenders }) => ({
      name,
      unit,
      contenders: contenders.map(({ note: _, ...result }) => result),
    })),
  };
}

/** The adapter in words; a software adapter is named as what it is. */
export function describeAdapter(adapter: Adapter | null): string {
  if (adapter === null) return 'none';
  return adapter.isSoftware
    ? `${adapter.description}: the CPU emulates it, so its times are not a GPU’s`
    : adapter.description;
}
