/** The network that the settings make: its layers and parameters, before anything is opened, and which are frozen. */
import { summarize } from '../../../model/summary';
import { networkOf } from '../../../training/network-of';
import { DataTable } from '../../components/data-table';
import { integer } from '../../state/format';
import { useStore } from '../../state/store-context';

export function SetupLayers() {
  const configuration = useStore().settings.configuration.value;
  const { rows, total } = summarize(networkOf(configuration));
  const nameOf = (name: string, index: number) =>
    index < configuration.freeze ? `${name}, frozen` : name;
  return (
    <DataTable
      label="Layers"
      class="setup-layers"
      columns={['Layer (type)', 'Output', 'Param #']}
      rows={rows.map((row, index) => [
        nameOf(row.name, index),
        row.outputShape,
        integer(row.parameters),
      ])}
      total={['Total params', integer(total)]}
    />
  );
}
