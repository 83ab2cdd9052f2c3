/** WGSL of the activations and their derivatives, shared by all kernels that train. */
import { wgsl } from 'wgsl-preprocessor';
import { type LayerActivation, LEAKY_RELU_SLOPE } from '../../src/layers/activation';
import { expLimited } from './exponential';
import { eachLane, type Lanes, ofOneLane, typesOf } from './lanes';

/** `fn sigmoid(z)`, without the exponential; where z is below -87, it stays at sigmoid(-87). */
function sigmoidAlone(lanes: Lanes): string {
  const exp = ofOneLane(lanes, 'exp_limited');
  return eachLane(
    lanes,
    'sigmoid',
    (name) => wgsl`fn ${name}(z: f32) -> f32 { return 1.0 / (1.0 + ${exp}(-z)); }`,
  );
}

/** `fn sigmoid(z)` and what it needs. */
export function sigmoid(lanes: Lanes = 'f32'): string {
  return `${expLimited(lanes)}\n${sigmoidAlone(lanes)}`;
}

/**
 * `fn activate(z)` of an activation, or of another name, without the functions that some of them use:
 * `exp_limited` and `sigmoid`.
 * WGSL's own tanh may be off by 1e-5, and NaN near 89: near zero the Taylor series, elsewhere
 * (1 - e) / (1 + e) with e = exp(-2|z|).
 */
export function activateAlone(
  activation: LayerActivation,
  lanes: Lanes,
  name = 'activate',
): string {
  const { float } = typesOf(lanes);
  switch (activation) {
    case 'identity':
      return wgsl`fn ${name}(z: ${float}) -> ${float} { return z; }`;
    case 'sigmoid':
      return wgsl`fn ${name}(z: ${float}) -> ${float} { return sigmoid(z); }`;
    case 'tanh':
      return eachLane(
        lanes,
        name,
        (own) => wgsl`fn ${own}(z: f32) -> f32 {
  let s = z * z;
  let near = z + z * s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0))));
  let e = ${ofOneLane(lanes, 'exp_limited')}(-2.0 * abs(z));
  return select(sign(z) * (1.0 - e) / (1.0 + e), near, abs(z) < 0.25);
}`,
      );
    case 'relu':
      return wgsl`fn ${name}(z: ${float}) -> ${float} { return max(z, ${float}(0.0)); }`;
    case 'leaky_relu':
      return wgsl`fn ${name}(z: ${float}) -> ${float} {
  return select(${LEAKY_RELU_SLOPE} * z, z, z > ${float}(0.0));
}`;
    default:
      return activation satisfies never;
  }
}

/** The functions that `activateAlone` of these activations needs, each once. */
export function functionsOf(activations: readonly LayerActivation[], lanes: Lanes): string {
  const usesSigmoid = activations.includes('sigmoid');
  if (usesSigmoid) return sigmoid(lanes);
  return activations.includes('tanh') ? expLimited(lanes) : '';
}

/** `fn activate(z)`: the activation of a weighted sum, and what it needs. */
export function activate(activation: LayerActivation, lanes: Lanes = 'f32'): string {
  return `${functionsOf([activation], lanes)}\n${activateAlone(activation, lanes)}`;
}

/** `fn derivative(a)`, or of another name: the activation's derivative, from the activation `a` itself. */
export function derivative(
  activation: LayerActivation,
  lanes: Lanes = 'f32',
  name = 'derivative',
): string {
  const { float } = typesOf(lanes);
  const zero = `${float}(0.0)`;
  const one = `${float}(1.0)`;
  const expression = {
    identity: one,
    sigmoid: 'a * (1.0 - a)',
    tanh: '1.0 - a * a',
    relu: `select(${zero}, ${one}, a > ${zero})`,
    leaky_relu: `select(${float}(${LEAKY_RELU_SLOPE}), ${one}, a > ${zero})`,
  }[activation];
  return wgsl`fn ${name}(a: ${float}) -> ${float} { return ${expression}; }`;
}
