/**
 * What all of tuning has in common: candidates are tried one after the other while there is time, each on
 * a backend of its own, and what each took, or why it was passed over, is kept.
 */
import type { Backend } from '../../training/backend';
import { InvalidInputError, messageOf } from '../../training/errors';
import type { CandidateTiming } from '../../training/plan-description';
import type { Plan } from '../plan/plan';
import type { KernelTiming } from '../runtime/kernel-timer';
import type { Candidate } from './candidates';
import { roundedMs } from './tuning-store';

/** A backend that can tell what each of its kernels takes. */
export interface TimedBackend extends Backend {
  timeKernels(): Promise<readonly KernelTiming[]>;
}

export interface TrialOptions {
  /** Opens a backend on the device with this plan; it is disposed of after the trial. */
  readonly open: (plan: Plan) => Promise<TimedBackend>;
  /** What is being tried, and the share of the candidates that is done. */
  readonly onProgress?: (what: string, share: number) => void;
  readonly now?: () => number;
  /** Milliseconds for all behind the first candidate; by default by the first one's step. */
  readonly totalMs?: number;
  /** Aborts when the device fails: what fails then says nothing of the candidate. */
  readonly failure?: AbortSignal;
  /** Ends the measuring at once, whatever is under way. */
  readonly cancel?: AbortSignal;
}

export class Trials {
  /** Of every candidate so far, in their order. */
  readonly timings: CandidateTiming[] = [];
  /** On the clock of `now`: the third and later candidates are begun only where they are expected to end before. */
  deadline: number;
  readonly now: () => number;
  readonly #options: TrialOptions;
  #tried = 0;
  /** The slowest so far, by the text of its kernels: compiling is most of it where time is short. */
  #msPerCharacter = 0;

  constructor(options: TrialOptions, deadline = Number.POSITIVE_INFINITY) {
    this.#options = options;
    this.deadline = deadline;
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * Tries a candidate, and keeps what it took.
   *
   * @param share - of the candidates that is done
   * @param measure - what the candidate takes, and a note where it could not win
   * @param must - whether nothing else can be tried where this one fails
   * @throws InvalidInputError, the reason where the device has failed or measuring was cancelled and, with `must`,
   * whatever the candidate fails with
   */
  async run(
    { name, plan: make }: Pick<Candidate, 'name' | 'plan'>,
    share: number,
    measure: (
      backend: TimedBackend,
      plan: Plan,
    ) => Promise<Pick<CandidateTiming, 'msPerStep' | 'note'>>,
    must = false,
  ): Promise<void> {
    const keep = (timing: Omit<CandidateTiming, 'candidate'>) =>
      this.timings.push({ candidate: name, ...timing });
    this.#options.cancel?.throwIfAborted();
    const plan = make();
    if ('declined' in plan) {
      keep({ msPerStep: null, note: plan.declined });
      return;
    }
    const begin = this.now();
    // What is expected to win is measured in any case, and what it has to win against.
    if (this.#tried > 1 && begin + this.#msPerCharacter * textOf(plan) > this.deadline) {
      keep({ msPerStep: null, note: 'not tried: time was up' });
      return;
    }
    this.#options.onProgress?.(name, share);
    try {
      const timing = await this.turn(plan, (backend) => measure(backend, plan));
      const took = this.now() - begin;
      keep({ ...timing, tookMs: roundedMs(took) });
      // The first one wakes the device.
      const pace = this.#tried === 0 ? 0 : took / textOf(plan);
      this.#msPerCharacter = Math.max(this.#msPerCharacter, pace);
    } catch (error) {
      const note = this.excuse(error);
      if (must) throw error;
      keep({ msPerStep: null, note });
    }
    this.#tried++;
  }

  /**
   * Why a candidate's turn failed, in words.
   *
   * @throws InvalidInputError, and the reason where the device has failed or measuring was cancelled: they end it all
   */
  excuse(error: unknown): string {
    this.#options.failure?.throwIfAborted();
    this.#options.cancel?.throwIfAborted();
    if (error instanceof InvalidInputError) throw error;
    return messageOf(error);
  }

  /**
   * A candidate's turn, of which nothing is kept, on a backend that is gone when it is over. Nobody waits for
   * one that is cancelled.
   */
  turn<T>(plan: Plan, measure: (backend: TimedBackend) => Promise<T>): Promise<T> {
    const { open, cancel } = this.#options;
    return new Promise((resolve, reject) => {
      let backend: TimedBackend | undefined;
      const onCancel = () => {
        backend?.dispose();
        reject(cancel?.reason);
      };
      const turn = async () => {
        try {
          backend = await open(plan);
          cancel?.throwIfAborted();
          return await measure(backend);
        } finally {
          cancel?.removeEventListener('abort', onCancel);
          backend?.dispose();
        }
      };
      cancel?.addEventListener('abort', onCancel);
      turn().then(resolve, reject);
    });
  }
}

/** Characters of a plan's kernels for training. */
function textOf({ chunk, step, epoch }: Plan): number {
  const texts = new Set([...chunk, ...step, ...epoch].map(({ kernel }) => kernel.wgsl));
  return [...texts].reduce((sum, { length }) => sum + length, 0);
}
