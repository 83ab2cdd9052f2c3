/**
 * The same picture for every hidden unit and for the output, small, layer by layer. The one that is chosen,
 * or pointed at, here or on the stage, is the large picture.
 */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { LayerActivation } from '../../../../layers/activation';
import type { PlacedLayer } from '../../../../layers/layer';
import { themeVersion } from '../../../components/theme';
import { chosenUnit, pointedUnit } from '../../../stage/chosen-unit';
import { count, integer } from '../../../state/format';
import { type BoundaryView, UNIT_SIDE, type UnitMap } from '../../../worker/boundary-view';
import type { UnitName } from '../../../worker/stage-view';
import { answerColors, unitColors, unitSentence } from './colors';
import { Cells, paletteOf } from './plane-canvas';

interface Props {
  /** The hidden layers. */
  readonly places: readonly PlacedLayer[];
  readonly view: BoundaryView;
  readonly classes: number;
}

export function UnitMaps({ places, view, classes }: Props) {
  const theme = themeVersion.value;
  const answer = useMemo(() => answerColors(view, classes, paletteOf()), [view, classes, theme]);
  const chosen = chosenUnit.value && view.units.find(isUnit(chosenUnit.value));
  return (
    <>
      {places.map(({ index, layer, outputs }) => {
        const own = view.units.filter((unit) => unit.layer === index);
        const some = own.length < outputs ? `${integer(own.length)} of ${integer(outputs)}` : '';
        return (
          <figure key={index} class="plane-units">
            <figcaption>
              Layer {index}: {some === '' ? count(outputs, 'unit') : `${some} units`},{' '}
              {layer.activation}
            </figcaption>
            <ul>
              {own.map((unit) => (
                <li key={unit.unit}>
                  <Tile
                    name={unit}
                    isChosen={unit === chosen}
                    label={unitSentence(unit, layer.activation)}
                    onChoose={() => {
                      chosenUnit.value = { layer: unit.layer, unit: unit.unit };
                    }}
                  >
                    <UnitPicture unit={unit} activation={layer.activation} />
                  </Tile>
                </li>
              ))}
            </ul>
          </figure>
        );
      })}
      <figure class="plane-units">
        <figcaption>Output: the answer</figcaption>
        <ul>
          <li>
            <Tile
              name={{ layer: places.length + 1, unit: 0 }}
              isChosen={chosen === undefined}
              // Not the output by its name: in a network that comes later it may be a hidden unit's.
              onChoose={() => {
                chosenUnit.value = undefined;
              }}
              label="The answer"
            >
              <Cells colors={answer} side={view.side} />
            </Tile>
          </li>
        </ul>
      </figure>
    </>
  );
}

/** Tells a unit by its name. */
export function isUnit(name: UnitName): (unit: UnitName) => boolean {
  return ({ layer, unit }) => layer === name.layer && unit === name.unit;
}

interface TileProps {
  readonly name: UnitName;
  readonly isChosen: boolean;
  /** What it shows, in words. */
  readonly label: string;
  readonly onChoose: () => void;
  readonly children: ComponentChildren;
}

/** A radio button: all pictures are one stop of the tab key, and arrow keys go from one to the next. */
function Tile({ name: { layer, unit }, isChosen, label, onChoose, children }: TileProps) {
  return (
    <label
      class="plane-unit"
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse') pointedUnit.value = { layer, unit };
      }}
      onPointerLeave={() => {
        pointedUnit.value = undefined;
      }}
    >
      <input
        type="radio"
        name="plane-unit"
        aria-label={label}
        checked={isChosen}
        onChange={onChoose}
      />
      {children}
    </label>
  );
}

interface PictureProps {
  readonly unit: UnitMap;
  readonly activation: LayerActivation;
}

function UnitPicture({ unit: { values }, activation }: PictureProps) {
  const theme = themeVersion.value;
  const colors = useMemo(
    () => unitColors(values, activation, paletteOf()),
    [values, activation, theme],
  );
  return <Cells colors={colors} side={UNIT_SIDE} />;
}
