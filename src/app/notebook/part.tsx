/** A part of the notebook, with its number, its heading and the anchor of the contents. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { followVisibility } from '../components/visibility';

interface PartHeading {
  readonly id: string;
  readonly title: string;
}

export const PARTS = [
  { id: 'data', title: 'The data' },
  { id: 'activation', title: 'The activation' },
  { id: 'architecture', title: 'The architecture' },
  { id: 'forward', title: 'The forward pass' },
  { id: 'loss', title: 'The loss' },
  { id: 'backpropagation', title: 'Backpropagation' },
  { id: 'update', title: 'The update rule' },
  { id: 'training', title: 'Training' },
  { id: 'evaluation', title: 'Final evaluation' },
  { id: 'predictions', title: 'Ten predictions' },
] as const satisfies readonly PartHeading[];

export type PartId = (typeof PARTS)[number]['id'];

/** The part that is being read. */
const current = signal<PartId | undefined>(undefined);

/** A part is being read while it crosses a line a third down the window. */
const READING_LINE = '-33% 0px -66% 0px';

interface Props {
  readonly id: PartId;
  readonly children: ComponentChildren;
}

export function Part({ id, children }: Props) {
  const index = PARTS.findIndex((part) => part.id === id);
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (ref.current === null) return undefined;
    const read = (isRead: boolean) => {
      if (isRead) current.value = id;
    };
    return followVisibility(ref.current, read, READING_LINE);
  }, [id]);
  return (
    <section ref={ref} class="part" id={id} aria-labelledby={`${id}-heading`}>
      <header class="part-heading">
        <span class="part-number">Part {index + 1}</span>
        <h2 id={`${id}-heading`}>{PARTS[index].title}</h2>
      </header>
      {children}
    </section>
  );
}

/** The table of contents. */
export function Contents() {
  return (
    <ol>
      {PARTS.map(({ id, title }, index) => (
        <li key={id}>
          <a href={`#${id}`} aria-current={current.value === id ? 'location' : undefined}>
            <span>{index + 1}</span>
            <span>{title}</span>
          </a>
        </li>
      ))}
    </ol>
  );
}
