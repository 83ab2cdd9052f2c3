/** The race in numbers: speed on the left, drift from the reference beside it. */

import type { ComponentChildren } from 'preact';
import { BACKEND_NAMES, type BackendName } from '../../../../training/backend';
import { DataTable } from '../../../components/data-table';
import { Scientific } from '../../../components/scientific';
import { duration, integer } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Lane } from '../../../worker/race';
import { planName } from '../../setup/setup-plan';

export function RaceTable({ lanes }: { readonly lanes: readonly Lane[] }) {
  const laneOf = (name: BackendName) => lanes.find((lane) => lane.name === name);
  return (
    <>
      <DataTable
        class="race-table"
        label="Times and differences"
        caption="Times, and the largest differences from the reference."
        columns={[
          ...['Backend', 'Setup', 'An epoch, median', 'least to most', 'Readback'],
          { title: 'Drift in loss', class: 'race-drift' },
          'Drift in parameters',
        ]}
        rows={BACKEND_NAMES.map((name) => cellsOf(name, laneOf(name)))}
      />
      <p class="source">
        Setup is adapter, measuring of plans where none was stored, compilation and upload; a
        warm-up follows that does not count. An epoch’s time includes its metrics, which WebGPU
        brings back late, while it computes on. Readback is that of all parameters, up to twenty
        times on the way; there the parameters are compared.
      </p>
      <Plan lane={laneOf('webgpu')} />
    </>
  );
}

function cellsOf(name: BackendName, lane: Lane | undefined): ComponentChildren[] {
  const { setup, perEpoch, readback, drift } = lane ?? {};
  const time = (value: number | undefined) => (value === undefined ? '–' : duration(value));
  return [
    backendTitle(name),
    time(setup),
    <strong>{time(perEpoch?.median)}</strong>,
    perEpoch === undefined ? '–' : `${time(perEpoch.min)} – ${time(perEpoch.max)}`,
    time(readback?.median),
    name === 'reference' ? 'compared with it' : <Scientific value={drift?.loss} />,
    name === 'reference' ? '' : <Scientific value={drift?.parameters} />,
  ];
}

/** Which plan WebGPU raced with. */
function Plan({ lane }: { readonly lane: Lane | undefined }) {
  const plan = lane?.info?.plan;
  if (lane === undefined || plan === undefined) return null;
  return (
    <p class="source">
      WebGPU’s plan is {planName(plan)}; {integer(lane.turns)} turns were timed.
    </p>
  );
}
