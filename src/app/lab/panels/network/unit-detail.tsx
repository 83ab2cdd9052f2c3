/** The chosen unit: what comes in, with which weights, and what it makes of it. */
import { useState } from 'preact/hooks';
import { referenceOf } from '../../../../layers/reference';
import { layersOf, type NetworkSpec } from '../../../../model/network-spec';
import { viewsOf } from '../../../../model/parameter-layout';
import { parametersOfUnit } from '../../../../model/unit-parameters';
import { DataTable } from '../../../components/data-table';
import { integer } from '../../../state/format';
import { exactNumber, largestMagnitude } from './scale';
import { Legend, WeightMap } from './weight-map';

/** Rows of the table of incoming weights. */
const MOST_ROWS = 64;

/** A unit by its layer, from 1, and its place in it, from 0. */
export interface UnitName {
  readonly layer: number;
  readonly unit: number;
}

interface Props {
  readonly name: UnitName;
  readonly spec: NetworkSpec;
  /** Columns of a sample, for the weights that see it. */
  readonly imageWidth: number;
  /** What comes into the first layer, where it is no image. */
  readonly featureNames: readonly string[] | undefined;
  readonly parameters: Float64Array;
  /** What the layer gets for the chosen sample. */
  readonly input: Float64Array;
  readonly activation: number;
}

export function UnitDetail({
  name: { layer, unit },
  spec,
  imageWidth,
  featureNames,
  parameters,
  input,
  activation,
}: Props) {
  const [isTableOpen, setTableOpen] = useState(false);
  const place = layersOf(spec)[layer - 1];
  const { inputs, isOutput } = place;
  const { weights, bias } = parametersOfUnit(place, parameters, unit);
  const pass = { place, parameters: viewsOf(place, parameters), input, count: 1 };
  const sum = referenceOf(place.layer).forward(pass)[unit];
  const limit = largestMagnitude(weights);
  // A layer whose units have weights of another number does not join every input.
  const joinsInputs = weights.length === inputs;
  const imageColumns = layer === 1 && joinsInputs ? imageWidth : undefined;
  return (
    <section class="panel-aside" aria-labelledby="unit-detail">
      <h2 id="unit-detail">
        Unit {unit + 1} of {isOutput ? 'the output' : `layer ${layer}`}
      </h2>
      {joinsInputs && (
        <>
          <div
            class={layer === 1 ? 'unit-detail-map' : 'unit-detail-map is-strip'}
            role="img"
            aria-label={`Its ${integer(inputs)} incoming weights, from ${exactNumber(Math.min(...weights))} to ${exactNumber(Math.max(...weights))}`}
          >
            <WeightMap values={weights} width={imageColumns ?? inputs} limit={limit} />
          </div>
          <Legend limit={limit} what="weights" />
        </>
      )}
      <dl class="unit-numbers">
        {!joinsInputs && weights.length === 1 && (
          <>
            <dt>Weight</dt>
            <dd>{exactNumber(weights[0])}</dd>
          </>
        )}
        {bias !== undefined && (
          <>
            <dt>Bias</dt>
            <dd>{exactNumber(bias)}</dd>
          </>
        )}
        <dt>{joinsInputs ? 'Weighted sum and bias' : 'Before its activation'}</dt>
        <dd>{exactNumber(sum)}</dd>
        <dt>{isOutput ? 'Probability' : 'Activation'}</dt>
        <dd>{exactNumber(activation)}</dd>
      </dl>
      {joinsInputs && (
        <details class="disclosure" onToggle={(event) => setTableOpen(event.currentTarget.open)}>
          <summary>Incoming weights as a table</summary>
          {isTableOpen && (
            <Incoming
              weights={weights}
              input={input}
              columns={imageColumns}
              featureNames={featureNames}
            />
          )}
        </details>
      )}
    </section>
  );
}

interface IncomingProps {
  readonly weights: Float64Array;
  readonly input: Float64Array;
  /** Of the image whose pixels come in; undefined where units do. */
  readonly columns: number | undefined;
  /** Of features that are no pixels. */
  readonly featureNames: readonly string[] | undefined;
}

/** The weights that matter most for this sample first. */
function Incoming({ weights, input, columns, featureNames }: IncomingProps) {
  const rows = Array.from(weights, (weight, from) => ({
    from,
    weight,
    value: input[from],
    product: weight * input[from],
  }))
    .sort((a, b) => Math.abs(b.product) - Math.abs(a.product))
    .slice(0, MOST_ROWS);
  const headingOf = (from: number) =>
    columns === undefined ? (
      from + 1
    ) : featureNames !== undefined ? (
      featureNames[from]
    ) : (
      <>
        <span class="visually-hidden">row </span>
        {Math.floor(from / columns) + 1}, <span class="visually-hidden">column </span>
        {(from % columns) + 1}
      </>
    );
  return (
    <DataTable
      class="incoming"
      label="Incoming weights"
      caption={`The strongest contribution to the sum first${
        weights.length > MOST_ROWS ? `; ${MOST_ROWS} of ${integer(weights.length)}` : ''
      }.`}
      columns={[
        columns === undefined ? 'Unit' : featureNames ? 'Feature' : 'Pixel',
        'Weight',
        'Input',
        'Product',
      ]}
      rows={rows.map(({ from, weight, value, product }) => [
        headingOf(from),
        ...[weight, value, product].map(exactNumber),
      ])}
    />
  );
}
