/** The same picture for every hidden unit, small, layer by layer. */
import { useMemo } from 'preact/hooks';
import type { LayerActivation } from '../../../../layers/activation';
import type { PlacedLayer } from '../../../../layers/layer';
import { themeVersion } from '../../../components/theme';
import { count, integer } from '../../../state/format';
import { UNIT_SIDE, type UnitMap } from '../../../worker/boundary-view';
import { unitColors } from './colors';
import { Cells, paletteOf } from './plane-canvas';

interface Props {
  /** The hidden layers. */
  readonly places: readonly PlacedLayer[];
  readonly units: readonly UnitMap[];
}

export function UnitMaps({ places, units }: Props) {
  return (
    <>
      {places.map(({ index, layer, outputs }) => {
        const own = units.filter((unit) => unit.layer === index);
        const shown = own.length < outputs ? `${integer(own.length)} of ${integer(outputs)}` : '';
        return (
          <figure key={index} class="unit-maps">
            <figcaption>
              Layer {index}: {shown === '' ? count(outputs, 'unit') : `${shown} units`},{' '}
              {layer.activation}
            </figcaption>
            <ul>
              {own.map((unit) => (
                <li key={unit.unit}>
                  <UnitPicture unit={unit} activation={layer.activation} />
                </li>
              ))}
            </ul>
          </figure>
        );
      })}
      <p class="source">
        Blue where a unit is above its middle, orange below; it cuts the plane along the line
        between.
      </p>
    </>
  );
}

interface PictureProps {
  readonly unit: UnitMap;
  readonly activation: LayerActivation;
}

function UnitPicture({ unit: { unit, layer, values }, activation }: PictureProps) {
  const theme = themeVersion.value;
  const colors = useMemo(
    () => unitColors(values, activation, paletteOf()),
    [values, activation, theme],
  );
  return (
    <div class="unit-map" role="img" aria-label={labelOf(unit, layer, values, activation)}>
      <Cells colors={colors} side={UNIT_SIDE} />
    </div>
  );
}

/** `Unit 3 of layer 1: above its middle in 40 % of the plane`. */
function labelOf(
  unit: number,
  layer: number,
  values: Float32Array,
  activation: LayerActivation,
): string {
  const middle = activation === 'sigmoid' ? 0.5 : 0;
  const above = values.reduce((sum, value) => sum + (value > middle ? 1 : 0), 0);
  const share = Math.round((100 * above) / values.length);
  return `Unit ${unit + 1} of layer ${layer}: above its middle in ${share} % of the plane`;
}
