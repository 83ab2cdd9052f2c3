/** A component that is loaded when it is first shown. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../../training/errors';

interface Props {
  /** Imports the component; must be the same function at every render. */
  readonly load: () => Promise<ComponentType>;
  /** What is being loaded, for the meantime. */
  readonly title: string;
}

type State = { readonly component: ComponentType } | { readonly error: string } | undefined;

/** What is loaded is there at once when it is shown again, so that a step back finds its place in it. */
const loaded = new WeakMap<Props['load'], ComponentType>();

export function Lazy({ load, title }: Props) {
  const [state, setState] = useState<State>(() => {
    const component = loaded.get(load);
    return component && { component };
  });
  useEffect(() => {
    let isWanted = true;
    const settle = (next: State) => {
      if (isWanted) setState(next);
    };
    load().then(
      (component) => {
        loaded.set(load, component);
        settle({ component });
      },
      (error: unknown) => settle({ error: messageOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  if (state === undefined) return <p class="source">Loading {title}…</p>;
  if ('error' in state) {
    return (
      <p class="source">
        {title} could not be loaded ({state.error}). Reload the page.
      </p>
    );
  }
  return <state.component />;
}
