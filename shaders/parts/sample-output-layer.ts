/** The output layer of a sample: loss, prediction and delta, from the logits. */
import { type Lanes, typesOf } from './lanes';
import { joined, range } from './text';
import type { SampleNetworkShape } from './trace';

/** `loss`, `correct` and `delta_u` from the logits. */
export function outputLayer(
  { output, widths }: SampleNetworkShape,
  last: number,
  lanes: Lanes,
): string {
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
