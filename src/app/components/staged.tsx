/** Parts of a large panel that are made one after the other, a frame apart: all at once would be felt. */
import { type ComponentChildren, toChildArray } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props {
  /** Frames before the first part; by default it is there at once. */
  readonly after?: number;
  readonly children: ComponentChildren;
}

export function Staged({ after = 0, children }: Props) {
  const parts = toChildArray(children);
  const [count, setCount] = useState(1 - after);
  const isWhole = count >= parts.length;
  useEffect(() => {
    if (isWhole) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // After the frame that shows the last part, and in a task of its own.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setCount(count + 1));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [count, isWhole]);
  return <>{parts.slice(0, Math.max(0, count))}</>;
}
