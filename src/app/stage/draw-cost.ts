/**
 * What a look costs a run that trains, so that it is drawn less often where that is dear: on a machine of
 * two cores drawing takes from training whatever it takes itself.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Milliseconds: beside what the worker computes, the question and the answer travel. */
const COST_OF_TRAVEL = 1;
/** Of a drawing, about as much again is done off the page's thread, by whoever fills the pixels. */
const THREADS_OF_DRAWING = 2;

/** Drawings of which the middle one counts: any one may have had to wait for somebody else. */
const REMEMBERED = 5;

/** What one answer and its drawing take from training. All times are in milliseconds. */
export interface LookCost {
  /** What the worker computed. */
  readonly computing: number;
  /** What drawing took of the page's thread. */
  readonly drawing: number;
  /** Of the machine, which training may share with the drawing. */
  readonly cores: number;
  /** In slow motion training waits most of the time, and nothing is taken from it. */
  readonly isSlowMotion: boolean;
}

/** Milliseconds that an answer takes from training. */
export function lookCost({ computing, drawing, cores, isSlowMotion }: LookCost): number {
  if (isSlowMotion) return 0;
  return computing + COST_OF_TRAVEL + (THREADS_OF_DRAWING * drawing) / Math.max(2, cores);
}

/**
 * Measures what each drawing of `shown` takes of the page's thread: to render it, and to lay out and paint
 * the frame that has it; not the wait for that frame.
 *
 * @param cost - gets the milliseconds of a drawing, the median of the last few
 */
export function useDrawCost(shown: unknown, cost: { current: number }): void {
  const last = useRef<readonly number[]>([]);
  const began = performance.now();
  useLayoutEffect(() => {
    if (shown === undefined) return undefined;
    const rendering = performance.now() - began;
    const frame = requestAnimationFrame(() => {
      const painting = performance.now();
      const { port1, port2 } = new MessageChannel();
      // The task behind the frame.
      port1.onmessage = () => {
        const took = rendering + performance.now() - painting;
        last.current = [...last.current.slice(1 - REMEMBERED), took];
        cost.current = last.current.toSorted((a, b) => a - b)[last.current.length >> 1];
        port1.close();
      };
      port2.postMessage(undefined);
    });
    return () => cancelAnimationFrame(frame);
  }, [shown]);
}
