/**
 * Asks a network all over the plane, by the reference's forward pass in float64 with the parameters as
 * read back: the backend does nothing for it but hand its parameters out, and what hidden units make of
 * the plane comes along. Large networks are asked in fewer places.
 */
import { scaledFeatures } from '../../data/samples';
import { classProbabilities } from '../../evaluation/predictions';
import { predictedClass } from '../../model/loss';
import { layersOf, outputOf } from '../../model/network-spec';
import { forward } from '../../reference/network';
import type { Prepared } from '../../training/prepare';
import { spread } from '../state/spread';
import {
  type BoundaryView,
  type Extent,
  MOST_DRAWN,
  MOST_SIDE,
  type PlanePoints,
  type PlaneSamples,
  UNIT_SIDE,
  UNITS_PICTURED,
  type UnitMap,
} from './boundary-view';
import type { UnitName } from './stage-view';
import type { Snapshot } from './training-service';

/** Cells along each axis, the most first. */
const SIDES = [MOST_SIDE, 64, 48, UNIT_SIDE, 24] as const;
/** Products of a weight and a value that a picture is worth: about a twentieth of a second. */
const MOST_PRODUCTS = 1e7;
/** Room around the points, as a share of what they span. */
const MARGIN = 0.1;
const FEATURES = 2;

type InPlane = Pick<Prepared, 'problem' | 'rawTrain' | 'rawTest'>;

/** Training and test points before scaling. */
export function planePointsOf({ problem, rawTrain, rawTest }: InPlane): PlanePoints {
  const samplesOf = (values: ArrayLike<number>, labels: Uint8Array): PlaneSamples => {
    const drawn = spread(labels.length, MOST_DRAWN);
    return {
      values: Float64Array.from(drawn.flatMap((row) => [values[2 * row], values[2 * row + 1]])),
      labels: Uint8Array.from(drawn, (row) => labels[row]),
      of: labels.length,
    };
  };
  return {
    train: samplesOf(rawTrain, problem.train.labels),
    test: samplesOf(rawTest, problem.test.labels),
  };
}

/** All points with some room around them; of points on a line, as much as if they spanned 1. */
export function extentOf({ rawTrain, rawTest }: Pick<InPlane, 'rawTrain' | 'rawTest'>): Extent {
  const spanOf = (axis: number) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const values of [rawTrain, rawTest]) {
      for (let i = axis; i < values.length; i += FEATURES) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
    }
    const room = MARGIN * (most - least || 1);
    return [least - room, most + room] as const;
  };
  const [left, right] = spanOf(0);
  const [bottom, top] = spanOf(1);
  return { left, right, bottom, top };
}

/** The middles of `side` × `side` cells, row by row from the top left, (cells × 2). */
export function cellsOf({ left, right, bottom, top }: Extent, side: number): Float64Array {
  const values = new Float64Array(FEATURES * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const cell = FEATURES * (row * side + column);
      values[cell] = left + ((column + 0.5) * (right - left)) / side;
      values[cell + 1] = top - ((row + 0.5) * (top - bottom)) / side;
    }
  }
  return values;
}

/**
 * What a run answers over the plane with the parameters of a snapshot.
 *
 * @param looked - the unit that is looked at
 * @throws RangeError where its samples have not two features
 */
export function boundaryOf(
  prepared: InPlane,
  { epoch, batch, parameters }: Snapshot,
  looked?: UnitName,
): BoundaryView {
  const { spec, train } = prepared.problem;
  const features = train.values.length / train.count;
  if (features !== FEATURES) throw new RangeError(`${features} features are no plane`);
  const extent = extentOf(prepared);
  const fits = (side: number) => side * side * parameters.length <= MOST_PRODUCTS;
  const side = SIDES.find(fits) ?? SIDES[SIDES.length - 1];
  const count = side * side;
  const cells = { values: cellsOf(extent, side), scaler: train.scaler, count };
  const activations = forward(spec, parameters, scaledFeatures(cells), count);
  const outputs = activations[activations.length - 1];
  const width = outputs.length / count;
  const probabilities = classProbabilities(outputs, outputOf(spec));
  const classes = probabilities.length / count;
  const winners = Uint8Array.from({ length: count }, (_, cell) =>
    predictedClass(outputs, cell * width, width),
  );
  const strengths = Float32Array.from(
    winners,
    (winner, cell) => probabilities[cell * classes + winner],
  );
  const units: UnitMap[] = [];
  for (const { index, outputs: of, isOutput } of layersOf(spec)) {
    if (isOutput) break;
    for (let unit = 0; unit < Math.min(of, UNITS_PICTURED); unit++) {
      const values = mapOf(activations[index - 1], { unit, of }, side, UNIT_SIDE);
      units.push({ layer: index, unit, of, values });
    }
  }
  const named = units.find(({ layer, unit }) => layer === looked?.layer && unit === looked.unit);
  const lookedAt = named && {
    ...named,
    values: mapOf(activations[named.layer - 1], named, side, side),
  };
  return { epoch, batch, extent, side, winners, strengths, units, lookedAt };
}

/** A unit's activations in `wanted` cells along each axis, each the nearest of the `side` that there are. */
function mapOf(
  activations: Float64Array,
  { unit, of }: Pick<UnitMap, 'unit' | 'of'>,
  side: number,
  wanted: number,
): Float32Array {
  const values = new Float32Array(wanted * wanted);
  for (let row = 0; row < wanted; row++) {
    const from = Math.floor(((row + 0.5) * side) / wanted) * side;
    for (let column = 0; column < wanted; column++) {
      const cell = from + Math.floor(((column + 0.5) * side) / wanted);
      values[row * wanted + column] = activations[cell * of + unit];
    }
  }
  return values;
}
