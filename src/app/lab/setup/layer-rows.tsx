/** The hidden layers one by one: a row a layer, with its units and activation; rows come and go. */
import { useRef, useState } from 'preact/hooks';
import { hasImages } from '../../../data/dataset';
import { datasetOf } from '../../../data/registry';
import { ACTIVATIONS } from '../../../layers/activation';
import { formatLayers, LAYER_EXAMPLES, parseLayers } from '../../../layers/layer';
import { outputOf, outputsOf } from '../../../model/network-spec';
import { hiddenLayers, networkOf, sampleShape } from '../../../training/network-of';
import { Button } from '../../components/button';
import { Select } from '../../components/select';
import { ShapeStrip } from '../../components/shape-strip';
import { choiceName } from '../../state/choice-names';
import { useStore } from '../../state/store-context';
import { StopSlider, UNIT_STOPS } from './stop-slider';

/** Layers that need images, as they begin. */
const ON_IMAGES = [
  { title: 'Add a convolution', row: 'conv 16 3x3 same relu' },
  { title: 'Add a pooling', row: 'max_pool 2' },
] as const;

export function LayerRows() {
  const store = useStore();
  const { settings } = store;
  const group = useRef<HTMLFieldSetElement>(null);
  const problem = settings.problems.value.layers;
  // What is typed stays, right or wrong: the configuration has the last layers that were right.
  const configuration = settings.configuration.value;
  const text = settings.texts.value.layers ?? formatLayers(hiddenLayers(configuration));
  const layers = text === '' ? [] : text.split(';').map((row) => row.trim());
  const type = (next: readonly string[]) => {
    if (next.length === 0) settings.edit('hidden', '', { layers: '' });
    else settings.edit('layers', next.join('; '));
  };
  const edit = (next: readonly string[]) => {
    type(next);
    store.settingsChanged();
  };
  const dataset = datasetOf(configuration.dataset);
  const spec = networkOf(configuration);
  const isDense = (row: string) => row.startsWith('dense');
  const lastDense = layers.findLast(isDense);
  // Behind the last one of its kind: units of a dense layer are no image.
  const place = layers.findLastIndex((row) => !isDense(row)) + 1;
  const remove = (index: number) => {
    edit(layers.toSpliced(index, 1));
    // Its place belongs to the next layer now, which nobody meant to remove.
    group.current?.querySelector<HTMLElement>('.layer-add')?.focus();
  };
  return (
    <>
      <fieldset class="layer-rows" ref={group} aria-describedby="setup-layers-help">
        <legend class="setup-label">Layer by layer</legend>
        <ol>
          {layers.map((row, index) => (
            <li key={index}>
              <LayerRow
                row={row}
                number={index + 1}
                onType={(next) => type(layers.with(index, next))}
                onChange={(next) => edit(layers.with(index, next))}
              />
              <Button onPress={() => remove(index)}>
                Remove<span class="visually-hidden"> layer {index + 1}</span>
              </Button>
            </li>
          ))}
        </ol>
        <div class="layer-adds">
          <Button
            class="layer-add"
            onPress={() => edit([...layers, lastDense ?? LAYER_EXAMPLES[0]])}
          >
            Add a layer
          </Button>
          {hasImages(dataset) &&
            ON_IMAGES.map(({ title, row }) => (
              <Button key={row} onPress={() => edit(layers.toSpliced(place, 0, row))}>
                {title}
              </Button>
            ))}
        </div>
        <p
          id="setup-layers-help"
          class={problem === undefined ? 'setup-help' : 'setup-help field-problem'}
          role={problem === undefined ? undefined : 'alert'}
        >
          {problem ?? 'Each hidden layer may have an activation of its own.'}
        </p>
      </fieldset>
      <ShapeStrip
        input={sampleShape(dataset)}
        layers={layers}
        outputs={outputsOf(spec)}
        output={outputOf(spec)}
      />
    </>
  );
}

interface RowProps {
  readonly row: string;
  readonly number: number;
  /** Amid typing, where what is there is a layer. */
  readonly onType: (row: string) => void;
  readonly onChange: (row: string) => void;
}

/** Units and activation of a dense layer; a layer of another kind as it is written. */
function LayerRow({ row, number, onType, onChange }: RowProps) {
  // What is typed stays as it is, also where it could be written shorter.
  const [draft, setDraft] = useState<string | undefined>(undefined);
  // By single blanks: units that are being typed anew may be empty.
  const [kind, units = '', activation = ''] = row.split(' ');
  if (kind !== 'dense') {
    return (
      <input
        type="text"
        aria-label={`Layer ${number}`}
        autocomplete="off"
        spellcheck={false}
        value={draft ?? row}
        onInput={({ currentTarget: { value } }) => {
          // Several layers are several rows.
          setDraft(value.includes(';') ? undefined : value);
          // Half a layer is no mistake yet.
          if ((parseLayers(value) ?? []).length > 0) onType(value);
        }}
        onChange={({ currentTarget: { value } }) => {
          setDraft(undefined);
          onChange(value);
        }}
        onBlur={() => setDraft(undefined)}
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
