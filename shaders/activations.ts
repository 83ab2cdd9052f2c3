/** WGSL of the activations and their derivatives, shared by the dense kernels. */
import { wgsl } from 'wgsl-preprocessor';
import { type Activation, LEAKY_RELU_SLOPE } from '../src/model/network-spec';
import { EXP_NONPOSITIVE } from './exponential';

/** What a layer makes of its weighted sum; the output layer hands its logits on. */
export type LayerActivation = Activation | 'identity';

/** Stable for any argument: exp only ever sees what is not positive. */
export const SIGMOID = wgsl`${EXP_NONPOSITIVE}
fn sigmoid(z: f32) -> f32 {
  let e = exp_nonpositive(-abs(z));
  return select(e, 1.0, z >= 0.0) / (1.0 + e);
}`;

/**
 * WGSL's own tanh may be off by 1e-5, and NaN near 89. Near zero the Taylor series, elsewhere
 * (1 - e) / (1 + e) with e = exp(-2|z|).
 */
const TANH = wgsl`${EXP_NONPOSITIVE}
fn hyperbolic_tangent(z: f32) -> f32 {
  if (abs(z) < 0.25) {
    let s = z * z;
    return z + z * s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0))));
  }
  let e = exp_nonpositive(-2.0 * abs(z));
  return sign(z) * (1.0 - e) / (1.0 + e);
}`;

/** `fn activate(z)`: the activation of a weighted sum. */
export function activate(activation: LayerActivation): string {
  switch (activation) {
    case 'identity':
      return wgsl`fn activate(z: f32) -> f32 { return z; }`;
    case 'sigmoid':
      return wgsl`${SIGMOID}
fn activate(z: f32) -> f32 { return sigmoid(z); }`;
    case 'tanh':
      return wgsl`${TANH}
fn activate(z: f32) -> f32 { return hyperbolic_tangent(z); }`;
    case 'relu':
      return wgsl`fn activate(z: f32) -> f32 { return max(z, 0.0); }`;
    case 'leaky_relu':
      return wgsl`fn activate(z: f32) -> f32 { return select(${LEAKY_RELU_SLOPE} * z, z, z > 0.0); }`;
    default:
      return activation satisfies never;
  }
}

/** `fn derivative(a)`: the activation's derivative, from the activation `a` itself. */
export function derivative(activation: Activation): string {
  const expression = {
    sigmoid: 'a * (1.0 - a)',
    tanh: '1.0 - a * a',
    relu: 'select(0.0, 1.0, a > 0.0)',
    leaky_relu: `select(${LEAKY_RELU_SLOPE}, 1.0, a > 0.0)`,
  }[activation];
  return wgsl`fn derivative(a: f32) -> f32 { return ${expression}; }`;
}
