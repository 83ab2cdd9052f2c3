/** What the page shows, and what its buttons do. */
import { computed, signal } from '@preact/signals';
import { messageOf } from '../training/errors';
import { runBenchmark } from './benchmark';
import type { BenchResult } from './results';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads';

export type Phase = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';

export class PageState {
  readonly chosen = signal<ReadonlySet<WorkloadName>>(new Set(WORKLOAD_NAMES));
  readonly quick = signal(true);
  readonly phase = signal<Phase>('idle');
  /** What is being measured, or why the run ended. */
  readonly message = signal('');
  readonly result = signal<BenchResult | null>(null);
  readonly canStart = computed(() => this.phase.value !== 'running' && this.chosen.value.size > 0);
  #controller = new AbortController();

  choose(name: WorkloadName, isChosen: boolean): void {
    const chosen = new Set(this.chosen.value);
    if (isChosen) chosen.add(name);
    else chosen.delete(name);
    this.chosen.value = chosen;
  }

  async start(): Promise<void> {
    if (!this.canStart.value) return;
    this.#controller = new AbortController();
    const { signal: cancelled } = this.#controller;
    this.result.value = null;
    this.phase.value = 'running';
    this.message.value = 'Starting';
    try {
      this.result.value = await runBenchmark(
        {
          workloads: WORKLOAD_NAMES.filter((name) => this.chosen.value.has(name)),
          quick: this.quick.value,
        },
        {
          onProgress: (message) => {
            this.message.value = message;
          },
          onResult: (result) => {
            this.result.value = result;
          },
          signal: cancelled,
        },
      );
      this.phase.value = 'done';
      this.message.value = 'Done.';
    } catch (error) {
      this.phase.value = cancelled.aborted ? 'cancelled' : 'failed';
      this.message.value = cancelled.aborted
        ? 'Cancelled. What was measured before stands below.'
        : `The benchmark failed: ${messageOf(error)}`;
    }
  }

  cancel(): void {
    this.#controller.abort();
  }
}
