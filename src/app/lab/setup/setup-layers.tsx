/** The network that the settings make: its layers and parameters, before anything is opened. */
import { summarize } from '../../../model/summary';
import { networkOf } from '../../../training/network-of';
import { DataTable } from '../../components/data-table';
import { integer } from '../../state/format';
import { useStore } from '../../state/store-context';

export function SetupLayers() {
  const { rows, total } = summarize(networkOf(useStore().settings.configuration.value));
  return (
    <DataTable
      label="Layers"
      class="setup-layers"
      columns={['Layer (type)', 'Output', 'Param #']}
      rows={rows.map((row) => [row.name, row.outputShape, integer(row.parameters)])}
      total={['Total params', integer(total)]}
    />
  );
}
