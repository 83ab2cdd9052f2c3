/** WGSL of the activations and their derivatives, shared by all kernels that train. */
import { wgsl } from 'wgsl-preprocessor';
import { type Activation, LEAKY_RELU_SLOPE } from '../../src/model/network-spec';
import { expLimited } from './exponential';
import { eachLane, type Lanes, ofOneLane, typesOf } from './lanes';

/** What a layer makes of its weighted sum; the output layer hands its logits on. */
export type LayerActivation = Activation | 'identity';

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
 * `fn activate(z)` of an activation, without the exponential that some of them use.
 * WGSL's own tanh may be off by 1e-5, and NaN near 89: near zero the Taylor series, elsewhere
 * (1 - e) / (1 + e) with e = exp(-2|z|).
 */
export function activateAlone(activation: LayerActivation, lanes: Lanes): string {
  const { float } = typesOf(lanes);
  switch (activation) {
    case 'identity':
      return wgsl`fn activate(z: ${float}) -> ${float} { return z; }`;
    case 'sigmoid':
      return wgsl`${sigmoidAlone(lanes)}
fn activate(z: ${float}) -> ${float} { return sigmoid(z); }`;
    case 'tanh':
      return eachLane(
        lanes,
        'activate',
        (name) => wgsl`fn ${name}(z: f32) -> f32 {
  let s = z * z;
  let near = z + z * s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0))));
  let e = ${ofOneLane(lanes, 'exp_limited')}(-2.0 * abs(z));
  return select(sign(z) * (1.0 - e) / (1.0 + e), near, abs(z) < 0.25);
}`,
      );
    case 'relu':
      return wgsl`fn activate(z: ${float}) -> ${float} { return max(z, ${float}(0.0)); }`;
    case 'leaky_relu':
      return wgsl`fn activate(z: ${float}) -> ${float} {
  return select(${LEAKY_RELU_SLOPE} * z, z, z > ${float}(0.0));
}`;
    default:
      return activation satisfies never;
  }
}

/** `fn activate(z)`: the activation of a weighted sum, and what it needs. */
export function activate(activation: LayerActivation, lanes: Lanes = 'f32'): string {
  const usesExp = activation === 'sigmoid' || activation === 'tanh';
  return `${usesExp ? expLimited(lanes) : ''}\n${activateAlone(activation, lanes)}`;
}

/** `fn derivative(a)`: the activation's derivative, from the activation `a` itself. */
export function derivative(activation: Activation, lanes: Lanes = 'f32'): string {
  const { float } = typesOf(lanes);
  const zero = `${float}(0.0)`;
  const one = `${float}(1.0)`;
  const expression = {
    sigmoid: 'a * (1.0 - a)',
    tanh: '1.0 - a * a',
    relu: `select(${zero}, ${one}, a > ${zero})`,
    leaky_relu: `select(${float}(${LEAKY_RELU_SLOPE}), ${one}, a > ${zero})`,
  }[activation];
  return wgsl`fn derivative(a: ${float}) -> ${float} { return ${expression}; }`;
}
