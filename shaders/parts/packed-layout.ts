/**
 * Weights as the sample kernels read them: for each input of a layer, its weights to four outputs at a
 * time in a vec4, missing outputs as zeros; then the layer's biases alike.
 */

export interface PackedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** vec4s to an input: outputs / 4, rounded up. */
  readonly quads: number;
  /** Where the layer starts, in vec4s; its biases follow the last input. */
  readonly start: number;
  /** Where the layer's weights and biases start in the flat parameters. */
  readonly weights: number;
  readonly biases: number;
}

export interface PackedLayout {
  readonly layers: readonly PackedLayer[];
  /** vec4s in all. */
  readonly length: number;
}

/** The packed layout of a network, from its widths. */
export function packedLayout(widths: readonly number[]): PackedLayout {
  const layers: PackedLayer[] = [];
  let start = 0;
  let weights = 0;
  for (let l = 1; l < widths.length; l++) {
    const [inputs, outputs] = [widths[l - 1], widths[l]];
    const quads = Math.ceil(outputs / 4);
    layers.push({ inputs, outputs, quads, start, weights, biases: weights + outputs * inputs });
    start += (inputs + 1) * quads;
    weights += (inputs + 1) * outputs;
  }
  return { layers, length: start };
}

/**
 * `fn packed_value(i)`: float i of the packed weights, taken from the parameters; 0 where it is
 * padding.
 */
export function packedValue({ layers }: PackedLayout): string {
  const branches = layers.map(
    ({ inputs, outputs, quads, start, weights, biases }) => `
  if (i < ${4 * (start + (inputs + 1) * quads)}u) {
    let at = i - ${4 * start}u;
    let input = at / ${4 * quads}u;
    let unit = at % ${4 * quads}u;
    if (unit >= ${outputs}u) { return 0.0; }
    if (input == ${inputs}u) { return parameters[${biases}u + unit]; }
    return parameters[${weights}u + unit * ${inputs}u + input];
  }`,
  );
  return `fn packed_value(i: u32) -> f32 {${branches.join('')}\n  return 0.0;\n}`;
}
