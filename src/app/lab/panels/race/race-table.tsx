/** The race in numbers: speed on the left, drift from the reference beside it. */
import type { BackendName } from '../../../../training/backend';
import { Scientific } from '../../../components/scientific';
import { ScrollRegion } from '../../../components/scroll-region';
import { duration, integer } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Lane } from '../../../worker/race';

interface Props {
  readonly lanes: readonly Lane[];
  readonly names: readonly BackendName[];
}

export function RaceTable({ lanes, names }: Props) {
  return (
    <>
      <ScrollRegion label="Times and differences">
        <table class="data-table race-table">
          <caption>Times, and the largest differences from the reference.</caption>
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colSpan={4}>
                Time
              </th>
              <th scope="colgroup" colSpan={2} class="race-drift">
                Drift
              </th>
            </tr>
            <tr>
              <th scope="col">Backend</th>
              <th scope="col">Setup</th>
              <th scope="col">An epoch, median</th>
              <th scope="col">least to most</th>
              <th scope="col">Readback</th>
              <th scope="col" class="race-drift">
                in loss
              </th>
              <th scope="col">in parameters</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <Row key={name} name={name} lane={lanes.find((lane) => lane.name === name)} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p class="source">
        Setup is adapter, measuring of plans where none was stored, compilation and upload; a
        warm-up follows that does not count. An epoch’s time includes its metrics, which WebGPU
        brings back late, while it computes on. Readback is that of all parameters, up to twenty
        times on the way; there the parameters are compared.
      </p>
      <Plan lane={lanes.find(({ name }) => name === 'webgpu')} />
    </>
  );
}

function Row({ name, lane }: { readonly name: BackendName; readonly lane: Lane | undefined }) {
  const { perEpoch, readback, drift } = lane ?? {};
  return (
    <tr>
      <th scope="row">{backendTitle(name)}</th>
      <td>{lane?.setup === undefined ? '–' : duration(lane.setup)}</td>
      <td>
        <strong>{perEpoch === undefined ? '–' : duration(perEpoch.median)}</strong>
      </td>
      <td>
        {perEpoch === undefined ? '–' : `${duration(perEpoch.min)} – ${duration(perEpoch.max)}`}
      </td>
      <td>{readback === undefined ? '–' : duration(readback.median)}</td>
      {name === 'reference' ? (
        <td class="race-drift" colSpan={2}>
          compared with it
        </td>
      ) : (
        <>
          <td class="race-drift">
            <Scientific value={drift?.loss} />
          </td>
          <td>
            <Scientific value={drift?.parameters} />
          </td>
        </>
      )}
    </tr>
  );
}

/** Which plan WebGPU raced with. */
function Plan({ lane }: { readonly lane: Lane | undefined }) {
  const plan = lane?.info?.plan;
  if (lane === undefined || plan === undefined) return null;
  return (
    <p class="source">
      WebGPU’s plan is {plan.candidate}, by {plan.chosenBy}; {integer(lane.turns)} turns were timed.
    </p>
  );
}
