/** Parts of a large panel that are made one after the other, a frame apart: all at once would be felt. */
import { type ComponentChildren, toChildArray } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props {
  /** Frames before the first part; by default it is there at once. */
  readonly after?: number;
  /** Parts that are made together; by default each is alone. */
  readonly atOnce?: number;
  readonly children: ComponentChildren;
}

export function Staged({ after = 0, atOnce = 1, children }: Props) {
  const parts = toChildArray(children);
  const [count, setCount] = useState((1 - after) * atOnce);
  const isWhole = count >= parts.length;
  useEffect(() => {
    if (isWhole) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // After the frame that shows the last part, and in a task of its own.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setCount(count + atOnce));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [count, isWhole, atOnce]);
  return <>{parts.slice(0, Math.max(0, count))}</>;
}
