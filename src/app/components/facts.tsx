/** A few large numbers, each with its name. */
import type { ComponentChildren } from 'preact';

interface Props {
  readonly facts: readonly (readonly [name: string, value: string, note?: ComponentChildren])[];
}

export function Facts({ facts }: Props) {
  return (
    <dl class="facts">
      {facts.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
