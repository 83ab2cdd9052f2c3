/**
 * The delta of a hidden layer: δ = (δ_next · W_next) ⊙ f'(A).
 * The activation's derivative, and dropout's factor, are the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { LayerActivation } from '../src/layers/activation';
import type { Kernel } from './kernel';
import { derivative } from './parts/activations';
import { type DropoutShape, dropoutScales } from './parts/dropout';
import { type Gemm, gemm, gemmFeatures, gemmGrid } from './parts/gemm';
import { matrixAt, readFour, storageType, writeFour } from './parts/gemm-operand';
import type { GemmVariant } from './parts/gemm-variant';

export interface DenseBackwardDeltaShape {
  /** Most samples in a batch. */
  readonly rows: number;
  /** Units of this layer: the inputs of the next. */
  readonly units: number;
  /** Units of the next layer. */
  readonly nextUnits: number;
  /** Where the next layer's weights start in the parameters. */
  readonly nextWeights: number;
  readonly activation: LayerActivation;
  readonly dropout: DropoutShape | null;
  readonly variant: GemmVariant;
}

/** A row of the result is a sample, a column a unit; δ_next is contiguous in k, W in n. */
function product({ units, nextUnits, nextWeights, variant }: DenseBackwardDeltaShape): Gemm {
  return {
    m: 'batch',
    n: units,
    k: nextUnits,
    left: { ...matrixAt('next_delta', 0, nextUnits), contiguous: 'k', gather: null },
    right: { ...matrixAt('weights', nextWeights, units), contiguous: 'mn', gather: null },
    variant,
  };
}

export const denseBackwardDelta: Kernel<DenseBackwardDeltaShape> = {
  name: 'dense-backward-delta',
  summary: 'Sends the delta of the next layer back through its weights',
  numpy: "dZ = (dZ_next @ W_next) * f'(Z)",
  formulas: ['dense-delta'],
  reference: ['denseBackwardInput', 'hiddenDelta', 'activationDerivative'],
  judge: 'delta',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: (shape) => {
    const ofUnits = storageType(matrixAt('delta', 0, shape.units));
    return [
      { name: 'step', access: 'step' },
      { name: 'weights', access: 'read', type: storageType(product(shape).right) },
      { name: 'next_delta', access: 'read', type: storageType(product(shape).left) },
      { name: 'activation', access: 'read', type: ofUnits },
      { name: 'delta', access: 'read_write', type: ofUnits },
    ];
  },
  source: (shape) => wgsl`
${derivative(shape.activation, 'vec4<f32>')}
#if ${shape.dropout !== null}
${shape.dropout === null ? '' : dropoutScales(shape.dropout)}
#endif

fn epilogue(row: u32, unit: u32, sum: vec4<f32>) {
  if (row >= step.rows || unit >= ${shape.units}u) { return; }
  let a = ${readFour(matrixAt('activation', 0, shape.units), 'row', 'unit')};
#if ${shape.dropout === null}
  let d = sum * derivative(a);
#else
  // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
  let scale = dropout_scales(row, unit);
  let is_kept = scale > vec4(0.0);
  let d = sum * derivative(a / select(vec4(1.0), scale, is_kept)) * scale;
#endif
  ${writeFour(matrixAt('delta', 0, shape.units), 'row', 'unit', 'd')}
}
${gemm(product(shape))}`,
  workgroups: ({ rows, units, variant }) => gemmGrid(variant, rows, units),
};
