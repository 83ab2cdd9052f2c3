/** The network that the settings make: its layers and parameters, before anything is opened. */
import { summarize } from '../../../model/summary';
import { networkOf } from '../../../training/network-of';
import { ScrollRegion } from '../../components/scroll-region';
import { integer } from '../../state/format';
import { useStore } from '../../state/store-context';

export function SetupLayers() {
  const { rows, total } = summarize(networkOf(useStore().settings.configuration.value));
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
