/** The network that the settings make: its layers and parameters, before anything is opened. */
import { PIXELS } from '../../../data/digits';
import { networkFor } from '../../../model/network-spec';
import { summarize } from '../../../model/summary';
import { ScrollRegion } from '../../components/scroll-region';
import { integer } from '../../state/format';
import { useStore } from '../../state/store-context';

export function SetupLayers() {
  const { hidden, digits, activation } = useStore().settings.configuration.value;
  const { rows, total } = summarize(networkFor(PIXELS, hidden, digits.length, activation));
  return (
    <ScrollRegion label="Layers" class="setup-layers">
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">Layer (type)</th>
            <th scope="col">Output</th>
            <th scope="col">Param #</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{row.outputShape}</td>
              <td>{integer(row.parameters)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Total params
            </th>
            <td>{integer(total)}</td>
          </tr>
        </tfoot>
      </table>
    </ScrollRegion>
  );
}
