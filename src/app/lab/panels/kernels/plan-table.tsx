/** A part of the plan as a list; each row can be chosen. */
import { ScrollRegion } from '../../../components/scroll-region';
import { integer } from '../../../state/format';
import type { ShownPart } from './plan-parts';

interface Props {
  readonly part: ShownPart;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

export function PlanTable({ part, selected, onSelect }: Props) {
  return (
    <ScrollRegion label={`${part.title}: the dispatches`}>
      <table class="data-table plan-table">
        <caption>{part.title}</caption>
        <thead>
          <tr>
            <th scope="col">Kernel</th>
            <th scope="col">Layer</th>
            <th scope="col">Workgroups</th>
            <th scope="col">Bytes bound</th>
            <th scope="col">ms</th>
          </tr>
        </thead>
        <tbody>
          {part.steps.map((step) => (
            <tr key={step.id} class={step.id === selected ? 'is-selected' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  class="plan-choice"
                  aria-pressed={step.id === selected}
                  onClick={() => onSelect(step.id)}
                >
                  {step.description.kernel}
                </button>
              </th>
              <td>{step.description.layer === 0 ? 'all' : step.description.layer}</td>
              <td>{step.description.workgroups.join(' × ')}</td>
              <td>{integer(step.description.bytes)}</td>
              <td>{step.description.milliseconds?.toPrecision(2) ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
