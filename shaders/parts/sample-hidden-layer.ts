/** A hidden layer of a sample, forwards and back: its units in a loop, its weights written out. */
import { type Lanes, perLane, typesOf } from './lanes';
import { type PackedLayer, packedLayout } from './packed-layout';
import { component, joined, offsetBy, range } from './text';
import { placeIn, type SampleNetworkShape, type TraceRegion, traceLayout } from './trace';

/** Units that a turn of a loop over a hidden layer's units takes. */
export const UNITS_A_TURN = 4;

/** Units of such a loop's turns together: those of the layer, and what the last turn has too many. */
function unitsOfTurns(layer: PackedLayer): readonly number[] {
  return range(UNITS_A_TURN * Math.ceil(layer.outputs / UNITS_A_TURN));
}

/** Values that change places in a loop over units. */
interface UnitValues {
  /** WGSL variables, one a unit. */
  readonly values: readonly string[];
  /** What a turn makes of the first four and the loop leaves in their places; left out, nothing of use. */
  readonly results?: readonly string[];
}

/**
 * WGSL of a loop over a layer's units, four a turn, `unit` the first of them: its text, most of which is
 * stores and activations, is compiled once for all turns. Variables cannot be counted through, so they
 * move up by four from turn to turn: the next ones are always the first, and behind the last turn the
 * results are in their order.
 */
function overUnits(lists: readonly UnitValues[], turn: readonly string[]): string {
  return joined([
    `for (var unit = 0u; unit < ${lists[0].values.length}u; unit += ${UNITS_A_TURN}u) {`,
    ...turn.map((line) => `  ${line}`),
    ...lists.flatMap(({ values, results = [] }) => {
      const successors = [...values.slice(UNITS_A_TURN), ...results];
      return successors.map((successor, u) => `  ${values[u]} = ${successor};`);
    }),
    '}',
  ]);
}

/** WGSL of a turn that stores its values, one a unit, where the layer has the unit. */
function storeTurn(
  layer: PackedLayer,
  region: TraceRegion,
  values: readonly string[],
  count: number,
): readonly string[] {
  const spare = layer.outputs % UNITS_A_TURN;
  return values.map((value, j) => {
    const store = `trace[${placeIn(region, offsetBy('unit', j), 'place', count)}] = ${value};`;
    return spare === 0 || j < spare ? store : `if (unit < ${layer.outputs - spare}u) { ${store} }`;
  });
}

/** WGSL of variables for a loop over units: the layer's with their values, those too many with zero. */
function variables(names: readonly string[], values: readonly string[], zero: string) {
  return names.map((name, u) => `var ${name} = ${values[u] ?? zero};`);
}

/** Activations a_l of hidden layer l (from 0), and the weighted sums of the layer behind it. */
export function hiddenLayer(shape: SampleNetworkShape, l: number, lanes: Lanes): string {
  const { float, count } = typesOf(lanes);
  const { [l]: layer, [l + 1]: next } = packedLayout(shape.widths).layers;
  const region = traceLayout(shape).inputs[l + 1];
  const units = unitsOfTurns(layer);
  const turn = range(UNITS_A_TURN);
  const f = units.map((u) => `f${l}_${u}`);
  const s = units.map((u) => `s${l}_${u}`);
  const { hasDropout } = shape;
  const scale = (j: number) => {
    const of = (lane: string) => `dropout_scale_of(row${lane}, ${offsetBy('unit', j)}, ${l + 1}u)`;
    return `select(${perLane(lanes, 'vec4<f32>', of)}, ${float}(1.0), is_test)`;
  };
  const activations = { values: f, results: turn.map((j) => `activation_${j}`) };
  const scales = { values: s, results: turn.map((j) => `scale_${j}`) };
  const outputs = turn.map((j) => `activation_${j}${hasDropout ? ` * scale_${j}` : ''}`);
  const biases = next.start + next.inputs * next.quads;
  return joined([
    ...variables(
      f,
      range(layer.outputs).map((u) => `z${l}_${u}`),
      `${float}(0.0)`,
    ),
    ...(hasDropout ? variables(s, [], `${float}(0.0)`) : []),
    overUnits(hasDropout ? [activations, scales] : [activations], [
      ...turn.map((j) => `let activation_${j} = activate_${shape.activations[l]}(${f[j]});`),
      ...(hasDropout ? turn.map((j) => `let scale_${j} = ${scale(j)};`) : []),
      'if (!is_test) {',
      ...storeTurn(layer, region, outputs, count).map((line) => `  ${line}`),
      '}',
    ]),
    ...range(layer.outputs).map(
      (u) => `let a${l}_${u} = ${f[u]}${hasDropout ? ` * ${s[u]}` : ''};`,
    ),
    ...range(next.quads).map((q) => `let b${l + 1}_${q} = packed[${biases + q}u];`),
    ...range(next.outputs).map(
      (u) => `var z${l + 1}_${u} = ${float}(b${l + 1}_${Math.floor(u / 4)}.${component(u)});`,
    ),
    ...range(next.inputs).flatMap((k) =>
      range(next.quads).flatMap((q) => [
        `let w${l + 1}_${k}_${q} = packed[${next.start + k * next.quads + q}u];`,
        ...range(Math.min(4, next.outputs - 4 * q)).map(
          (c) => `z${l + 1}_${4 * q + c} += a${l}_${k} * w${l + 1}_${k}_${q}.${component(c)};`,
        ),
      ]),
    ),
  ]);
}

/** Deltas of hidden layer l (from 0), from those of the layer behind it. */
export function hiddenDeltas(shape: SampleNetworkShape, l: number, lanes: Lanes): string {
  const { float, count } = typesOf(lanes);
  const { [l]: layer, [l + 1]: next } = packedLayout(shape.widths).layers;
  const region = traceLayout(shape).deltas[l];
  const term = (k: number, u: number) =>
    `d${l + 1}_${u} * w${l + 1}_${k}_${Math.floor(u / 4)}.${component(u)}`;
  const values = unitsOfTurns(layer).map((k) => `t${l}_${k}`);
  return joined([
    ...range(layer.outputs).map((k) => {
      const sum = range(next.outputs)
        .map((u) => term(k, u))
        .join(' + ');
      const scale = shape.hasDropout ? ` * s${l}_${k}` : '';
      return `let d${l}_${k} = (${sum}) * derivative_${shape.activations[l]}(f${l}_${k})${scale};`;
    }),
    ...variables(
      values,
      range(layer.outputs).map((k) => `d${l}_${k}`),
      `${float}(0.0)`,
    ),
    overUnits([{ values }], storeTurn(layer, region, values.slice(0, UNITS_A_TURN), count)),
  ]);
}
