/** Something that may be wider or taller than its place; then the keyboard can scroll it, too. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  /** What is in it. */
  readonly label: string;
  readonly class?: string;
  /** Text of the element that the region shows first, where it begins before. */
  readonly startAt?: string | undefined;
  readonly children: ComponentChildren;
}

export function ScrollRegion({ label, class: extra, startAt, children }: Props) {
  const ref = useRef<HTMLElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const region = ref.current;
    if (region === null) return undefined;
    const observer = new ResizeObserver(() =>
      setOverflows(
        region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight,
      ),
    );
    for (const element of [region, ...region.children]) observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const region = ref.current;
    if (region === null || startAt === undefined) return;
    const start = [...region.querySelectorAll('span')].find((span) => span.textContent === startAt);
    if (start === undefined) return;
    const padding = Number.parseFloat(getComputedStyle(region).paddingTop);
    const above = start.getBoundingClientRect().top - region.getBoundingClientRect().top;
    region.scrollTop += above - padding;
  }, [startAt, children]);
  return (
    <section
      ref={ref}
      class={['scroller', extra].filter(Boolean).join(' ')}
      aria-label={label}
      // Only what can be scrolled is worth a stop of the tab key.
      tabIndex={overflows ? 0 : undefined}
    >
      {children}
    </section>
  );
}
