/** Waiting for a browser or a device that may never answer: drivers have been seen that do not. */
import { BackendUnavailableError } from '../../training/errors';

/** Silent for so long while this thread runs, in milliseconds, whoever was asked does not answer any more. */
export const SILENCE_MS = 60_000;
/** Parts of that, each of which this thread must live through: a machine that sleeps counts as one. */
const TICKS = 60;

/**
 * What was asked for, unless nobody answers.
 *
 * @param whose - begins the error's text, as in "The graphics device"
 * @param onSilence - called with the error before anybody hears of it
 * @param answers - how often whoever was asked has answered something else: it is not silent while that grows
 * @throws BackendUnavailableError after `milliseconds` without an answer
 */
export async function unlessSilent<T>(
  answer: Promise<T>,
  reason: BackendUnavailableError['reason'],
  whose: string,
  milliseconds = SILENCE_MS,
  onSilence: (error: BackendUnavailableError) => void = () => undefined,
  answers: () => number = () => 0,
): Promise<T> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const silence = new Promise<never>((_, reject) => {
    let [ticks, heard] = [0, answers()];
    timer = setInterval(() => {
      if (answers() !== heard) [ticks, heard] = [0, answers()];
      if (++ticks < TICKS) return;
      const error = new BackendUnavailableError(
        reason,
        `${whose} has not answered for ${milliseconds / 1000} seconds.`,
      );
      onSilence(error);
      reject(error);
    }, milliseconds / TICKS);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearInterval(timer);
  }
}
