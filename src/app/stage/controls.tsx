/** Speed and learning rate within reach of the picture; both act on a run that trains. */
import { settingsAt } from '../../training/configuration/changes';
import { Select } from '../components/select';
import { Pace } from '../components/transport';
import { useStore } from '../state/store-context';
import { FirstRunWord } from './first-run-word';

export function StageControls() {
  return (
    <div class="stage-controls">
      <Pace />
      <Rate />
      <FirstRunWord />
    </div>
  );
}

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 1, 3];

/** The learning rate from a list, in which the present one is as well. */
function Rate() {
  const store = useStore();
  const run = store.run.value;
  const hasBegun = run !== undefined && !run.isOver && (run.isBusy || run.done > 0);
  const { learningRate } = hasBegun
    ? settingsAt(run.configuration, Math.ceil(run.done))
    : store.settings.configuration.value;
  const rates = [...new Set([...RATES, learningRate])].sort((a, b) => a - b);
  const choose = (rate: number) => {
    if (hasBegun) return store.change({ learningRate: rate });
    store.settings.edit('learningRate', String(rate));
    return store.settingsChanged();
  };
  return (
    <label class="pace" title="Of a run that trains it changes from the next epoch on">
      <span>Learning rate</span>
      <Select choices={rates} chosen={learningRate} onChoose={choose} />
    </label>
  );
}
