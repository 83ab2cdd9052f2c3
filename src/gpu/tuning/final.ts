/**
 * The end of tuning. A first look is short, and the host that encodes and waits has its share in it: who is
 * looked at last meets one that has warmed up. So those that came close to the best meet again in turns,
 * in longer runs, and the median decides.
 */
import type { Backend } from '../../training/backend';
import type { CandidateTiming } from '../../training/plan-description';
import type { Plan } from '../plan/plan';
import type { Trials } from './trials';
import { roundedMs } from './tuning-store';

/** A run lasts at least so long, far above the clock's resolution and the cost of a readback. */
export const LEAST_MS = 15;
/** And in turns at most so long, but for a single step. */
const MOST_MS = 100;
/** Those that took no more than this of the best one's time may be the best. */
const CLOSE = 1.5;
const MOST_FINALISTS = 3;
const MOST_ROUNDS = 5;
/** What time allows if it can: shorter runs rather than fewer rounds. */
const WANTED_ROUNDS = 3;

/** A sound candidate, and what it took at first sight. */
export interface Seen {
  readonly name: string;
  readonly plan: Plan;
  readonly msPerStep: number;
}

/** Who won, and what each that met again took. */
interface Final {
  readonly winner: string;
  readonly timings: readonly CandidateTiming[];
}

/**
 * Names the best of those that were seen. The first sight counts as a round, and alone where no other fits
 * into the time.
 *
 * @param seen - at least one
 * @param deadline - on the clock of the trials; a round is begun only where it is expected to end before
 * @throws the reason where the device has failed or measuring was cancelled
 */
export async function meetAgain(
  seen: readonly Seen[],
  trials: Trials,
  deadline: number,
): Promise<Final> {
  const { now } = trials;
  const [first, ...others] = [...seen].sort((a, b) => a.msPerStep - b.msPerStep);
  const close = others.filter(({ msPerStep }) => msPerStep <= CLOSE * first.msPerStep);
  const finalists = [first, ...close]
    .slice(0, MOST_FINALISTS)
    .map((one) => ({ ...one, times: [one.msPerStep], tookMs: 0, failure: '' }));
  const left = () => deadline - now();
  const runMs = Math.min(MOST_MS, left() / (WANTED_ROUNDS * finalists.length));
  const stepsOf = ({ msPerStep }: Seen) =>
    Math.max(1, Math.ceil(Math.max(LEAST_MS, runMs) / msPerStep));
  // One step more wakes what was just allocated.
  let roundMs = finalists.reduce((sum, one) => sum + (1 + stepsOf(one)) * one.msPerStep, 0);
  for (let round = 0; round < MOST_ROUNDS && close.length > 0 && roundMs < left(); round++) {
    const begin = now();
    for (const one of finalists.filter(({ failure }) => failure === '')) {
      const turnBegin = now();
      const steps = stepsOf(one);
      try {
        const took = await trials.turn(one.plan, async (backend) => {
          await backend.trainBatches(1);
          return timeOnce(backend, steps, now);
        });
        one.times.push(took / steps);
      } catch (error) {
        one.failure = trials.excuse(error);
      }
      one.tookMs += now() - turnBegin;
    }
    roundMs = Math.max(roundMs, now() - begin);
  }
  const msOf = ({ times, failure }: (typeof finalists)[number]) =>
    failure === '' ? median(times) : Number.POSITIVE_INFINITY;
  return {
    winner: finalists.reduce((a, b) => (msOf(b) < msOf(a) ? b : a)).name,
    timings: finalists
      .filter(({ times, failure }) => times.length > 1 || failure !== '')
      .map(({ name, times, tookMs, failure }) => ({
        candidate: `${name} again`,
        msPerStep: failure === '' ? median(times) : null,
        note: failure || `median of ${times.length} runs, in turns with the others that came close`,
        tookMs: roundedMs(tookMs),
      })),
  };
}

/** Of an even number, the lesser of the two in the middle. */
function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[(times.length - 1) >> 1];
}

/** Milliseconds of so many steps. */
export async function timeOnce(
  backend: Backend,
  steps: number,
  now: () => number,
): Promise<number> {
  const begin = now();
  await backend.trainBatches(steps); // resolves with the readback, so the steps are done
  return now() - begin;
}
