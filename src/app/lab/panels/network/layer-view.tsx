/** A layer: its units with their weights, biases and activations; each unit can be chosen. */

import { useSignal } from '@preact/signals';
import type { ConvLayer } from '../../../../layers/conv2d/layer';
import { formatShape, type PlacedLayer } from '../../../../layers/layer';
import { type NetworkSpec, outputOf } from '../../../../model/network-spec';
import { parametersOfUnit } from '../../../../model/unit-parameters';
import { Button } from '../../../components/button';
import { ScrollRegion } from '../../../components/scroll-region';
import { Staged } from '../../../components/staged';
import { count, integer } from '../../../state/format';
import { Filters } from './filters';
import { activationLimit, largestMagnitude, shortNumber } from './scale';
import type { UnitName } from './unit-detail';
import { Activation, UnitLabel, type UnitView } from './unit-label';
import { Legend, WeightMap } from './weight-map';

/** Units shown at a time. */
const PAGE = 32;
/** Inputs whose weights are written out in a table's cells; more are drawn. */
const MOST_CELLS = 16;
/** Units made in one task, as maps or as rows of a table: all at once would be felt. */
const AT_ONCE = { maps: 8, rows: 4 };

interface Props {
  readonly layer: PlacedLayer;
  readonly spec: NetworkSpec;
  /** Columns of a sample, for the weights that see it. */
  readonly imageWidth: number;
  readonly parameters: Float64Array;
  /** Of the layer's units, for the chosen sample. */
  readonly activations: Float64Array;
  readonly chosen: UnitName;
  readonly onChoose: (unit: UnitName) => void;
}

export function LayerView({
  layer,
  spec,
  imageWidth,
  parameters,
  activations,
  chosen,
  onChoose,
}: Props) {
  const page = useSignal(0);
  const pages = Math.ceil(layer.outputs / PAGE);
  const first = Math.min(page.value, pages - 1) * PAGE;
  const units = Array.from({ length: Math.min(PAGE, layer.outputs - first) }, (_, i): UnitView => {
    const unit = first + i;
    return {
      unit,
      ...parametersOfUnit(layer, parameters, unit),
      activation: activations[unit],
      isChosen: chosen.layer === layer.index && chosen.unit === unit,
      onChoose: () => onChoose({ layer: layer.index, unit }),
    };
  });
  const weights = layer.slices.find(({ kind }) => kind === 'weights');
  const limit =
    weights === undefined
      ? 1
      : largestMagnitude(parameters.subarray(weights.offset, weights.offset + weights.length));
  const hasOwn = units[0].weights.length > 0;
  const seesImages = layer.index === 1 && units[0].weights.length === layer.inputs;
  const scales: Scales = { weights: limit, activations: activationLimit(layer, activations) };
  const heading = `layer-${layer.index}`;
  return (
    <section class="panel-section" aria-labelledby={heading}>
      <div class="panel-heading">
        <h2 id={heading}>{titleOf(layer, spec)}</h2>
        {pages > 1 && (
          <span class="pager">
            <Button isDisabled={first === 0} onPress={() => turn(-1)}>
              Previous
            </Button>
            <span>
              {integer(first + 1)}–{integer(first + units.length)} of {integer(layer.outputs)}
            </span>
            <Button isDisabled={first + PAGE >= layer.outputs} onPress={() => turn(1)}>
              Next
            </Button>
          </span>
        )}
      </div>
      {weights !== undefined && hasOwn && <Legend limit={limit} what={weights.name} />}
      {!hasOwn && <p class="source">{withoutWeights(layer)}</p>}
      {!hasOwn && layer.index === 1 && isConvolution(layer) && (
        <Filters layer={layer} parameters={parameters} limit={limit} />
      )}
      {seesImages ? (
        <Maps units={units} layer={layer} scales={scales} imageWidth={imageWidth} />
      ) : (
        <HeatTable units={units} layer={layer} scales={scales} />
      )}
    </section>
  );

  function turn(by: number): void {
    page.value = Math.min(Math.max(0, page.value + by), pages - 1);
  }
}

/** The magnitudes that have the full colour. */
interface Scales {
  readonly weights: number;
  readonly activations: number;
}

interface UnitsProps {
  readonly units: readonly UnitView[];
  readonly layer: PlacedLayer;
  readonly scales: Scales;
}

function titleOf({ index, layer, outputs, isOutput }: PlacedLayer, spec: NetworkSpec) {
  const own = (layer.activation === 'identity' ? layer.kind : layer.activation).replace('_', ' ');
  const kind = isOutput ? outputOf(spec) : own;
  return `${isOutput ? 'Output' : `Layer ${index}`}: ${count(outputs, `${kind} unit`)}`;
}

function isConvolution(place: PlacedLayer): place is PlacedLayer<ConvLayer> {
  return place.layer.kind === 'conv';
}

/** Why the units below have no weights. */
function withoutWeights({ slices, output }: PlacedLayer): string {
  if (slices.length === 0)
    return 'This layer has no parameters: it chooses among the values before it.';
  return `All places of a feature map have the same filter, so no value of these ${formatShape(output)} has weights of its own. The histograms have those of the ${integer(output[0])} filters.`;
}

/** The first layer sees images, so its weights are shown as images. */
function Maps({ units, layer, scales, imageWidth }: UnitsProps & Pick<Props, 'imageWidth'>) {
  return (
    <ul class="unit-maps" style={{ '--columns': imageWidth }}>
      <Staged atOnce={AT_ONCE.maps}>
        {units.map((view) => (
          <li key={view.unit}>
            <UnitLabel class="unit-map" view={view} layer={layer}>
              <WeightMap values={view.weights} width={imageWidth} limit={scales.weights} />
              <Activation value={view.activation} limit={scales.activations} />
            </UnitLabel>
          </li>
        ))}
      </Staged>
    </ul>
  );
}

/** Later layers: a row for each unit, a column for each of its weights. */
function HeatTable({ units, layer, scales }: UnitsProps) {
  const [{ weights, bias }] = units;
  const isWritten = weights.length <= MOST_CELLS;
  return (
    <ScrollRegion label={`Weights of ${layer.isOutput ? 'the output' : `layer ${layer.index}`}`}>
      <table class="heat-table">
        <thead>
          <tr>
            <th scope="col">Unit</th>
            {isWritten ? (
              Array.from(weights, (_, input) => (
                <th scope="col" key={input}>
                  {weights.length === layer.inputs ? input + 1 : 'weight'}
                </th>
              ))
            ) : (
              <th scope="col">weights from {integer(weights.length)} units, first to last</th>
            )}
            {bias !== undefined && <th scope="col">bias</th>}
            <th scope="col">activation</th>
          </tr>
        </thead>
        <tbody>
          <Staged atOnce={AT_ONCE.rows}>
            {units.map((view) => (
              <tr key={view.unit} class={view.isChosen ? 'is-chosen' : undefined}>
                <th scope="row">
                  <UnitLabel class="unit-row" view={view} layer={layer}>
                    <span>{view.unit + 1}</span>
                  </UnitLabel>
                </th>
                {isWritten ? (
                  Array.from(view.weights, (weight, input) => (
                    <HeatCell key={input} value={weight} limit={scales.weights} />
                  ))
                ) : (
                  <td class="heat-strip">
                    <WeightMap
                      values={view.weights}
                      width={weights.length}
                      limit={scales.weights}
                    />
                  </td>
                )}
                {view.bias !== undefined && <HeatCell value={view.bias} limit={scales.weights} />}
                <td>
                  <Activation value={view.activation} limit={scales.activations} />
                </td>
              </tr>
            ))}
          </Staged>
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function HeatCell({ value, limit }: { readonly value: number; readonly limit: number }) {
  return (
    <td
      class={value < 0 ? 'heat-cell is-negative' : 'heat-cell'}
      style={{ '--share': Math.min(1, Math.abs(value) / limit) }}
    >
      {shortNumber(value)}
    </td>
  );
}
