/** The hidden layers one by one: a row a layer, with its units and activation; rows come and go. */
import { useRef } from 'preact/hooks';
import { ACTIVATIONS } from '../../../layers/activation';
import { formatLayers, LAYER_EXAMPLES } from '../../../layers/layer';
import { hiddenLayers } from '../../../training/network-of';
import { Button } from '../../components/button';
import { Select } from '../../components/select';
import { choiceName } from '../../state/choice-names';
import { useStore } from '../../state/store-context';
import { StopSlider, UNIT_STOPS } from './stop-slider';

export function LayerRows() {
  const store = useStore();
  const { settings } = store;
  const group = useRef<HTMLFieldSetElement>(null);
  const problem = settings.problems.value.layers;
  // What is typed stays, right or wrong: the configuration has the last layers that were right.
  const text =
    settings.texts.value.layers ?? formatLayers(hiddenLayers(settings.configuration.value));
  const layers = text === '' ? [] : text.split(';').map((row) => row.trim());
  const edit = (next: readonly string[]) => {
    if (next.length === 0) settings.edit('hidden', '', { layers: '' });
    else settings.edit('layers', next.join('; '));
    store.settingsChanged();
  };
  const change = (index: number, row: string) => edit(layers.with(index, row));
  const remove = (index: number) => {
    edit(layers.toSpliced(index, 1));
    // Its place belongs to the next layer now, which nobody meant to remove.
    group.current?.querySelector<HTMLElement>('.layer-add')?.focus();
  };
  return (
    <fieldset class="layer-rows" ref={group} aria-describedby="setup-layers-help">
      <legend class="setup-label">Layer by layer</legend>
      <ol>
        {layers.map((row, index) => (
          <li key={index}>
            <LayerRow row={row} number={index + 1} onChange={(next) => change(index, next)} />
            <Button onPress={() => remove(index)}>
              Remove<span class="visually-hidden"> layer {index + 1}</span>
            </Button>
          </li>
        ))}
      </ol>
      <Button
        class="layer-add"
        onPress={() => edit([...layers, layers.at(-1) ?? LAYER_EXAMPLES[0]])}
      >
        Add a layer
      </Button>
      <p
        id="setup-layers-help"
        class={problem === undefined ? 'setup-help' : 'setup-help field-problem'}
        role={problem === undefined ? undefined : 'alert'}
      >
        {problem ?? 'Each hidden layer may have an activation of its own.'}
      </p>
    </fieldset>
  );
}

interface RowProps {
  readonly row: string;
  readonly number: number;
  readonly onChange: (row: string) => void;
}

/** Units and activation of a dense layer; a layer of another kind as it is written. */
function LayerRow({ row, number, onChange }: RowProps) {
  // By single blanks: units that are being typed anew may be empty.
  const [kind, units = '', activation = ''] = row.split(' ');
  if (kind !== 'dense') {
    return (
      <input
        type="text"
        aria-label={`Layer ${number}`}
        value={row}
        onChange={({ currentTarget: { value } }) => onChange(value)}
      />
    );
  }
  return (
    <>
      <input
        type="text"
        inputMode="numeric"
        autocomplete="off"
        aria-label={`Units of layer ${number}`}
        value={units}
        onInput={({ currentTarget: { value } }) =>
          onChange(`dense ${value.replace(/\s/g, '')} ${activation}`)
        }
      />
      <Select
        aria-label={`Activation of layer ${number}`}
        choices={ACTIVATIONS}
        titleOf={(choice) => choiceName('activation', choice)}
        chosen={activation}
        onChoose={(chosen) => onChange(`dense ${units} ${chosen}`)}
      />
      <StopSlider
        id={`setup-layer-${number}-slider`}
        label={`Units of layer ${number}`}
        stops={UNIT_STOPS}
        value={Number(units)}
        describedBy="setup-layers-help"
        onChange={(stop) => onChange(`dense ${stop} ${activation}`)}
      />
    </>
  );
}
