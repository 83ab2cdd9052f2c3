/**
 * A few samples through the whole network and back: forward pass, loss and every layer's delta in the
 * registers of one invocation. The first layer is a loop over the features; the later ones are small
 * and written out. Shared by the sample-parallel and the persistent schedule.
 */
import { wgsl } from 'wgsl-preprocessor';
import { LEAST_LOSS, MOST_LOSS } from '../../src/model/loss';
import { IS_NON_FINITE } from '../kernel';
import { type PackedLayer, packedLayout } from '../packed-weights';
import { activateAlone, derivative, functionsOf } from './activations';
import { dropoutScaleOf } from './dropout';
import { expLimited, log1p } from './exponential';
import { type Lanes, perLane, typesOf } from './lanes';
import { handRound } from './quads';
import { range } from './text';
import { type SampleNetworkShape, type TraceRegion, traceLayout } from './trace';

function joined(lines: readonly string[]): string {
  return lines.join('\n  ');
}

/** WGSL index of value (unit, `position`) of a region, in elements of `count` lanes. */
function at(
  { start, stride }: TraceRegion,
  unit: number | string,
  position: string,
  count: number,
) {
  const scale = 4 / count;
  return typeof unit === 'number'
    ? `${(start + unit * stride) * scale}u + ${position}`
    : `${start * scale}u + ${unit} * ${stride * scale}u + ${position}`;
}

/** `k`, or `(k + i)`. */
function plus(k: string, i: number): string {
  return i === 0 ? k : `(${k} + ${i}u)`;
}

/** Component of a vec4 that holds unit `u`. */
function component(u: number): string {
  return 'xyzw'[u % 4];
}

/** Multiply-adds that `samplePass` writes out: those of all layers behind the first, both ways. */
export function writtenOut(widths: readonly number[]): number {
  return widths.slice(2).reduce((sum, width, l) => sum + 2 * width * widths[l + 1], 0);
}

/**
 * `fn sample_pass(position)`: takes the samples at `position` (in units of the lanes) of the batch,
 * or behind the batch those of the test set. Needs `step`, `packed`, `trace`, `labels` and, with
 * gather, `permutation` in scope.
 *
 * @param quads - the four invocations of a quad call it together and share the loads of the first
 * layer's weights; needs the place in the quad as `lane`
 */
export function samplePass(shape: SampleNetworkShape, lanes: Lanes, quads = false): string {
  const { float, uint, count } = typesOf(lanes);
  const { widths, gather, output } = shape;
  const activations = [...new Set(shape.activations)];
  const usesSigmoid = output === 'sigmoid' || activations.includes('sigmoid');
  const trace = traceLayout(shape);
  const packed = packedLayout(widths);
  const last = packed.layers.length - 1;
  const perGroup = 4 / count;
  const hasDropout = shape.hasDropout && last > 0;
  const classes = widths[widths.length - 1];
  const offsets = lanes === 'f32' ? '0u' : 'vec4<u32>(0u, 1u, 2u, 3u)';
  return wgsl`
${usesSigmoid ? functionsOf(['sigmoid'], lanes) : expLimited(lanes)}
${activations.map((a) => activateAlone(a, lanes, `activate_${a}`)).join('\n')}
${activations.map((a) => derivative(a, lanes, `derivative_${a}`)).join('\n')}
${log1p(lanes)}
${IS_NON_FINITE}
${hasDropout ? dropoutScaleOf() : ''}

fn sample_pass(position: u32) {
  let is_test = position >= ${trace.batchGroups * perGroup}u;
  let place = select(position, position - ${trace.batchGroups * perGroup}u, is_test);
  let limit = select(step.rows, ${shape.testSamples}u, is_test);
  let rounded = (limit + 3u) / 4u * 4u;
  let is_idle = (place * ${count}u >= rounded) | (is_test & (step.previous == 0u));
#if ${!quads}
  if (is_idle) { return; }
#endif
  let row = place * ${count}u + ${offsets};
  let mask = select(${float}(0.0), ${float}(1.0), row < ${uint}(limit));
  // Padding takes the last sample's place; its delta and loss are masked away.
  let inside = min(row, ${uint}(limit - 1u));
#if ${gather}
  var source = inside + ${trace.trainGroups * 4}u;
  if (!is_test) {
    source = ${perLane(lanes, 'vec4<u32>', (lane) => `permutation[step.first_row + inside${lane}]`)};
  }
#else
  let column = place + select(0u, ${trace.trainGroups * perGroup}u, is_test);
  let source = inside + select(0u, ${trace.trainGroups * 4}u, is_test);
#endif
  let label = ${perLane(lanes, 'vec4<u32>', (lane) => `labels[source${lane}]`)};

  ${firstLayer(shape, packed.layers[0], lanes, quads)}
#if ${quads}
  if (is_idle) { return; } // not before: the invocations of a quad need each other
#endif
  ${joined(range(last).map((l) => hiddenLayer(shape, packed.layers[l], packed.layers[l + 1], l, lanes)))}

  let broken = ${perLane(
    lanes,
    'vec4<bool>',
    // One | and not two, which are a branch: the compiler of one adapter walks every path of branches.
    (lane) =>
      `(${range(classes)
        .map((u) => `is_non_finite(z${last}_${u}${lane})`)
        .join(' | ')})`,
  )};
  ${outputLayer(shape, last, lanes)}
  let place_of_sums = select(place, place + ${trace.batchGroups * perGroup}u, is_test);
  trace[${at(trace.losses, 0, 'place_of_sums', count)}] =
    mask * clamp(loss, ${float}(${LEAST_LOSS.toPrecision(9)}f), ${float}(${MOST_LOSS.toPrecision(9)}f));
  trace[${at(trace.corrects, 0, 'place_of_sums', count)}] = mask
    * (select(${float}(0.0), ${float}(1.0), correct) + select(${float}(0.0), ${float}(2.0), broken)
      + ${float}(f32(4u * step.stamp)));
  if (is_test) { return; }

  ${joined(range(classes).map((u) => `let d${last}_${u} = mask * delta_${u}; trace[${at(trace.deltas[last], u, 'place', count)}] = d${last}_${u};`))}
  ${joined(
    [...range(last)]
      .reverse()
      .map((l) => backwards(shape, packed.layers[l], packed.layers[l + 1], l, lanes)),
  )}
}`;
}

/**
 * Features that a turn of the first layer's loop takes. Two halve the bookkeeping of sums that are carried
 * from turn to turn; four made the loop too long for a processor's first cache of instructions.
 */
const FEATURES_A_TURN = 2;

/** Weighted sums z0_u of the first layer: a loop over the features. */
function firstLayer(
  shape: SampleNetworkShape,
  layer: PackedLayer,
  lanes: Lanes,
  quads: boolean,
): string {
  const { float, count } = typesOf(lanes);
  const trace = traceLayout(shape);
  const biases = layer.start + layer.inputs * layer.quads;
  const floats = trace.features.start * 4;
  const stride = trace.features.stride * 4;
  const weights = quads ? weightsOfQuad : weightsAlone;
  const fours = range(quads ? 4 * Math.ceil(layer.quads / 4) : layer.quads);
  const sums = fours.flatMap((q) =>
    [0, 1, 2, 3]
      .filter((c) => 4 * (quads ? q - (q % 4) : q) + c < layer.outputs)
      .map((c) => ({ q, c })),
  );
  const whole = layer.inputs - (layer.inputs % FEATURES_A_TURN);
  return joined([
    ...weights('b', `${biases}u`),
    ...sums.map(({ q, c }) => `var y${q}_${c} = ${float}(b${q}.${component(c)});`),
    `for (var k = 0u; k < ${whole}u; k += ${FEATURES_A_TURN}u) {`,
    ...range(FEATURES_A_TURN)
      .flatMap((i) => oneFeature(plus('k', i), i))
      .map((line) => `  ${line}`),
    '}',
    ...range(layer.inputs - whole).flatMap((i) => oneFeature(`${whole + i}u`, FEATURES_A_TURN + i)),
    ...(quads
      ? inOrderOfUnits(layer)
      : sums.map(({ q, c }) => `let z0_${4 * q + c} = y${q}_${c};`)),
  ]);

  function oneFeature(k: string, i: number): readonly string[] {
    const x = `x${i}`;
    return [
      `let ${x} = ${gatherOrRead(k)};`,
      ...(shape.gather
        ? [`if (!is_test && !is_idle) { trace[${at(trace.inputs[0], k, 'place', count)}] = ${x}; }`]
        : []),
      ...weights(`w${i}_`, `${layer.start}u + ${k} * ${layer.quads}u`),
      ...sums.map(({ q, c }) => `y${q}_${c} += ${x} * w${i}_${q}.${component(c)};`),
    ];
  }

  function weightsAlone(name: string, first: string): readonly string[] {
    return range(layer.quads).map((q) => `let ${name}${q} = packed[${first} + ${q}u];`);
  }

  /** Each invocation loads one vec4 of four: its own is number `lane`, its neighbours' are lane ^ 1, 2, 3. */
  function weightsOfQuad(name: string, first: string): readonly string[] {
    return range(Math.ceil(layer.quads / 4)).flatMap((i) => {
      const q = 4 * i;
      const own = layer.quads % 4 === 0 ? `${q}u + lane` : `min(${q}u + lane, ${layer.quads - 1}u)`;
      return handRound((n) => `${name}${q + n}`, `packed[${first} + ${own}]`);
    });
  }

  function gatherOrRead(k: string): string {
    if (!shape.gather) return `trace[${at(trace.features, k, 'column', count)}]`;
    return perLane(lanes, 'vec4<f32>', (lane) => {
      const index = `${floats}u + ${k} * ${stride}u + source${lane}`;
      return lanes === 'f32' ? `trace[${index}]` : `trace[(${index}) / 4u][(${index}) % 4u]`;
    });
  }
}

/** z0_u from the sums of a quad: sum q of an invocation belongs to the units of vec4 number q ^ lane. */
function inOrderOfUnits({ outputs, quads }: PackedLayer): readonly string[] {
  return [
    'let is_odd = (lane & 1u) != 0u;',
    'let is_high = (lane & 2u) != 0u;',
    ...range(Math.ceil(quads / 4)).flatMap((i) =>
      [0, 1, 2, 3]
        .filter((c) => 16 * i + c < outputs)
        .flatMap((c) => {
          const y = (q: number) => `y${4 * i + q}_${c}`;
          const h = (q: number) => `h${4 * i + q}_${c}`;
          return [
            ...[0, 1, 2, 3].map((q) => `let ${h(q)} = select(${y(q)}, ${y(q ^ 1)}, is_odd);`),
            ...[0, 1, 2, 3]
              .filter((q) => 4 * (4 * i + q) + c < outputs)
              .map((q) => `let z0_${4 * (4 * i + q) + c} = select(${h(q)}, ${h(q ^ 2)}, is_high);`),
          ];
        }),
    ),
  ];
}

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
    const store = `trace[${at(region, plus('unit', j), 'place', count)}] = ${value};`;
    return spare === 0 || j < spare ? store : `if (unit < ${layer.outputs - spare}u) { ${store} }`;
  });
}

/** Activations a_l of hidden layer l (from 0), and the weighted sums of the layer behind it. */
function hiddenLayer(
  shape: SampleNetworkShape,
  layer: PackedLayer,
  next: PackedLayer,
  l: number,
  lanes: Lanes,
): string {
  const { float, count } = typesOf(lanes);
  const region = traceLayout(shape).inputs[l + 1];
  const units = unitsOfTurns(layer);
  const turn = range(UNITS_A_TURN);
  const f = units.map((u) => `f${l}_${u}`);
  const s = units.map((u) => `s${l}_${u}`);
  const { hasDropout } = shape;
  const scale = (j: number) => {
    const of = (lane: string) => `dropout_scale_of(row${lane}, ${plus('unit', j)}, ${l + 1}u)`;
    return `select(${perLane(lanes, 'vec4<f32>', of)}, ${float}(1.0), is_test)`;
  };
  const activations = { values: f, results: turn.map((j) => `activation_${j}`) };
  const scales = { values: s, results: turn.map((j) => `scale_${j}`) };
  const outputs = turn.map((j) => `activation_${j}${hasDropout ? ` * scale_${j}` : ''}`);
  const biases = next.start + next.inputs * next.quads;
  return joined([
    ...f.map((name, u) => `var ${name} = ${u < layer.outputs ? `z${l}_${u}` : `${float}(0.0)`};`),
    ...(hasDropout ? s.map((name) => `var ${name} = ${float}(0.0);`) : []),
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

/** `loss`, `correct` and `delta_u` from the logits. */
function outputLayer({ output, widths }: SampleNetworkShape, last: number, lanes: Lanes): string {
  const { float, uint } = typesOf(lanes);
  const units = range(widths[widths.length - 1]);
  const z = (u: number) => `z${last}_${u}`;
  if (output === 'sigmoid') {
    return joined([
      `let y = ${float}(label);`,
      `let delta_0 = sigmoid(${z(0)}) - y;`,
      `let loss = max(${z(0)}, ${float}(0.0)) - ${z(0)} * y + log_1p(exp_limited(-abs(${z(0)})));`,
      `let correct = (${z(0)} > ${float}(0.0)) == (label == ${uint}(1u));`,
    ]);
  }
  const isLabel = (u: number) => `label == ${uint}(${u}u)`;
  return joined([
    `var largest = ${z(0)};`,
    `var predicted = ${uint}(0u);`,
    ...units
      .slice(1)
      .flatMap((u) => [
        `predicted = select(predicted, ${uint}(${u}u), ${z(u)} > largest);`,
        `largest = max(largest, ${z(u)});`,
      ]),
    `var others = ${float}(0.0);`,
    `var z_label = ${float}(0.0);`,
    ...units.flatMap((u) => [
      `let e_${u} = exp_limited(${z(u)} - largest);`,
      `others += select(e_${u}, ${float}(0.0), predicted == ${uint}(${u}u));`,
      `z_label = select(z_label, ${z(u)}, ${isLabel(u)});`,
    ]),
    'let inverse = 1.0 / (1.0 + others);',
    ...units.map(
      (u) =>
        `let delta_${u} = e_${u} * inverse - select(${float}(0.0), ${float}(1.0), ${isLabel(u)});`,
    ),
    'let loss = log_1p(others) + (largest - z_label);',
    'let correct = predicted == label;',
  ]);
}

/** Deltas of hidden layer l (from 0), from those of the layer behind it. */
function backwards(
  shape: SampleNetworkShape,
  layer: PackedLayer,
  next: PackedLayer,
  l: number,
  lanes: Lanes,
): string {
  const { float, count } = typesOf(lanes);
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
    ...values.map(
      (name, k) => `var ${name} = ${k < layer.outputs ? `d${l}_${k}` : `${float}(0.0)`};`,
    ),
    overUnits([{ values }], storeTurn(layer, region, values.slice(0, UNITS_A_TURN), count)),
  ]);
}
