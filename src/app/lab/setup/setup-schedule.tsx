/** A preview of the learning-rate schedule. */

import { useMemo } from 'preact/hooks';
import type { Configuration } from '../../../training/configuration/fields';
import { learningRateAt } from '../../../training/learning-rate';
import { DataTable } from '../../components/data-table';
import type { Drawing } from '../../components/drawing';
import { LineChart } from '../../components/line-chart';
import { choiceName } from '../../state/choice-names';
import { integer } from '../../state/format';
import { spread } from '../../state/spread';
import { useStore } from '../../state/store-context';

const MOST_POINTS = 300;
const TABLE_ROWS = 10;

export function SetupSchedule() {
  const store = useStore();
  const draw = useMemo(() => () => drawingOf(store.settings.configuration.value), [store]);
  const configuration = store.settings.configuration.value;
  const { schedule, epochs } = configuration;
  const [first, last] = [0, epochs - 1].map((epoch) => rateText(configuration, epoch));
  return (
    <LineChart
      title="Learning rate by epoch"
      draw={draw}
      description={`Learning rate of the schedule ${choiceName('schedule', schedule)}: ${first} in epoch 1, ${last} in epoch ${integer(epochs)}.`}
      isSmall
    >
      <DataTable
        columns={['Epoch', 'Learning rate']}
        rows={spread(epochs, TABLE_ROWS).map((epoch) => [
          integer(epoch + 1),
          rateText(configuration, epoch),
        ])}
      />
    </LineChart>
  );
}

function rateText(configuration: Configuration, epoch: number): string {
  return String(Number(learningRateAt(configuration, epoch).toPrecision(4)));
}

function drawingOf(configuration: Configuration): Drawing {
  const { epochs } = configuration;
  const points = spread(epochs, MOST_POINTS).map((epoch) => ({
    x: epoch + 1,
    y: learningRateAt(configuration, epoch),
  }));
  return {
    x: { title: 'epoch', minimum: 0, maximum: epochs },
    y: { title: 'learning rate', minimum: 0 },
    series: [{ label: 'learning rate', color: '--series-train', points }],
  };
}
