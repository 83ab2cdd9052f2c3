/** Something that may be wider or taller than its place; then the keyboard can scroll it, too. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  /** What is in it. */
  readonly label: string;
  readonly class?: string;
  /** The line of its code that it shows first, from 0. */
  readonly startLine?: number | undefined;
  readonly children: ComponentChildren;
}

export function ScrollRegion({ label, class: extra, startLine, children }: Props) {
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
    const code = region?.querySelector('code');
    if (!region || !code || startLine === undefined) return;
    region.scrollTop = startLine * Number.parseFloat(getComputedStyle(code).lineHeight);
  }, [startLine, children]);
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
