/**
 * A run in Chrome's trace event format, for chrome://tracing and Perfetto: how long it was opened and
 * trained, and beside it the kernels of one step, one after the other, by the device's own clock.
 * The format: "Trace Event Format", Google, docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import type { TrainDocument } from './run';

/** An event that lasts (`X`), or a name for a process or a thread (`M`). Times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
  /** What the times are of. */
  readonly otherData: Readonly<Record<string, unknown>>;
}

const HOST = { pid: 1, tid: 1 } as const;
const DEVICE = { pid: 2, tid: 1 } as const;

/** The trace of a run. Kernels are in it where they were timed. */
export function chromeTrace({
  backend,
  timing,
  runtime,
  kernel_times: times,
}: TrainDocument): ChromeTrace {
  const lasting = (name: string, beginMs: number, ms: number, args = {}): TraceEvent => ({
    ...{ name, ph: 'X', ...HOST, ts: 1000 * beginMs, dur: 1000 * ms, args },
  });
  const named = (
    what: 'process_name' | 'thread_name',
    place: typeof HOST | typeof DEVICE,
    name: string,
  ): TraceEvent => ({
    ...{ name: what, ph: 'M', ...place, args: { name } },
  });
  let at = timing.setup_ms;
  const kernels = (times?.kernels ?? []).map(({ ms, kernel, ...args }) => {
    const event = { ...lasting(kernel, at, ms, args), ...DEVICE };
    at += ms;
    return event;
  });
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      named('process_name', HOST, `Shaderprop, backend ${backend.name}`),
      lasting('open the backend', 0, timing.setup_ms),
      lasting('train', timing.setup_ms, timing.train_ms, { ms_per_epoch: timing.ms_per_epoch }),
      ...(kernels.length === 0
        ? []
        : [
            named('process_name', DEVICE, backend.adapter),
            named('thread_name', DEVICE, 'kernels of one step, timed alone after the run'),
          ]),
      ...kernels,
    ],
    otherData: {
      ...{ adapter: backend.adapter, precision: backend.precision },
      ...(runtime !== undefined && { runtime }),
      ...(times?.obstacle !== undefined && { no_kernel_times: times.obstacle }),
    },
  };
}
