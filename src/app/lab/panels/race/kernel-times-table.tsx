/** What the device's own clock says of each kernel. */
import { TIMESTAMP_RESOLUTION_NS } from '../../../../gpu/runtime/device-clock';
import { DataTable } from '../../../components/data-table';
import { integer, significant } from '../../../state/format';
import type { KernelTimes } from '../../../worker/race-service';

export function KernelTimesTable({ times }: { readonly times: KernelTimes }) {
  if (times.obstacle !== undefined) {
    return <p class="source">No times of kernels: {times.obstacle}.</p>;
  }
  return (
    <>
      <DataTable
        label="Time of each kernel"
        columns={[
          'Kernel',
          'Layer',
          { title: 'Phase', class: 'start' },
          'A dispatch (ms)',
          'Repetitions',
        ]}
        rows={times.timings.map(({ kernel, layer, phase, milliseconds, repetitions }) => [
          ...[kernel, layer === 0 ? 'all' : layer, phase],
          ...[significant(milliseconds, 3), integer(repetitions)],
        ])}
      />
      <p class="source">
        By timestamp queries, which browsers round to {TIMESTAMP_RESOLUTION_NS / 1e6} ms; each
        kernel is repeated until its time stands above that.
      </p>
    </>
  );
}
