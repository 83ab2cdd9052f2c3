/** The first layer of a sample: a loop over its features, whose weights a quad may share. */
import { type Lanes, perLane, typesOf } from './lanes';
import { type PackedLayer, packedLayout } from './packed-layout';
import { handRound } from './quads';
import { component, joined, offsetBy, range } from './text';
import { placeIn, type SampleNetworkShape, traceLayout } from './trace';

/**
 * Features that a turn of the first layer's loop takes. Two halve the bookkeeping of sums that are carried
 * from turn to turn; four made the loop too long for a processor's first cache of instructions.
 */
const FEATURES_A_TURN = 2;

/** Weighted sums z0_u of the first layer: a loop over the features. */
export function firstLayer(shape: SampleNetworkShape, lanes: Lanes, quads: boolean): string {
  const { float, count } = typesOf(lanes);
  const [layer] = packedLayout(shape.widths).layers;
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
      .flatMap((i) => oneFeature(offsetBy('k', i), i))
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
        ? [
            `if (!is_test && !is_idle) { trace[${placeIn(trace.inputs[0], k, 'place', count)}] = ${x}; }`,
          ]
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
    if (!shape.gather) return `trace[${placeIn(trace.features, k, 'column', count)}]`;
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
