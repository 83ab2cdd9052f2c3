/** A part of the plan as a list; each row can be chosen. */
import { DataTable } from '../../../components/data-table';
import { integer, significant } from '../../../state/format';
import type { ShownPart } from './plan-parts';

interface Props {
  readonly part: ShownPart;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

export function PlanTable({ part, selected, onSelect }: Props) {
  return (
    <DataTable
      class="plan-table"
      label={`${part.title}: the dispatches`}
      caption={part.title}
      columns={['Kernel', 'Layer', 'Workgroups', 'Bytes bound', 'ms']}
      rows={part.steps.map(({ id, description }) => [
        <button
          key={id}
          type="button"
          class="plan-choice"
          aria-pressed={id === selected}
          onClick={() => onSelect(id)}
        >
          {description.kernel}
        </button>,
        description.layer === 0 ? 'all' : description.layer,
        description.workgroups.join(' × '),
        integer(description.bytes),
        description.milliseconds === undefined ? '–' : significant(description.milliseconds, 2),
      ])}
    />
  );
}
