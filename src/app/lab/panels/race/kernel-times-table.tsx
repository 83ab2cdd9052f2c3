/** What the device's own clock says of each kernel. */
import { TIMESTAMP_RESOLUTION_NS } from '../../../../gpu/kernel-timer';
import { ScrollRegion } from '../../../components/scroll-region';
import { integer } from '../../../state/format';
import type { KernelTimes } from '../../../worker/race-service';

export function KernelTimesTable({ times }: { readonly times: KernelTimes }) {
  if (times.obstacle !== undefined) {
    return <p class="source">No times of kernels: {times.obstacle}.</p>;
  }
  return (
    <>
      <ScrollRegion label="Time of each kernel">
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              <th scope="col">Layer</th>
              <th scope="col" class="start">
                Phase
              </th>
              <th scope="col">A dispatch (ms)</th>
              <th scope="col">Repetitions</th>
            </tr>
          </thead>
          <tbody>
            {times.timings.map(({ kernel, layer, phase, milliseconds, repetitions }, index) => (
              <tr key={index}>
                <th scope="row">{kernel}</th>
                <td>{layer === 0 ? 'all' : layer}</td>
                <td class="start">{phase}</td>
                <td>{milliseconds.toPrecision(3)}</td>
                <td>{integer(repetitions)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p class="source">
        By timestamp queries, which browsers round to {TIMESTAMP_RESOLUTION_NS / 1e6} ms; each
        kernel is repeated until its time stands above that.
      </p>
    </>
  );
}
