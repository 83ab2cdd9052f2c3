/** Which cuts of a matrix product fit a shape and a device, and which is taken where nothing was measured. */
import {
  GEMM_THREADS,
  type GemmForm,
  type GemmVariant,
  type RegisterVariant,
  type TileVariant,
  workgroupBytes,
} from '../../shaders/gemm-variant';

export { type GemmForm, type GemmVariant, variantName } from '../../shaders/gemm-variant';

/** A layer at work: samples at a time, inputs and outputs. The same for all three forms. */
export interface GemmShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Chooses the variant of one product of a plan. */
export type VariantChooser = (form: GemmForm, shape: GemmShape) => GemmVariant;

/** The device limits that a variant is held against. */
export type VariantLimits = Pick<
  GPUSupportedLimits,
  'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupStorageSize'
>;

/** What every WebGPU device has at least. */
export const DEFAULT_LIMITS: VariantLimits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
};

/** The product of a form: rows and columns of the result, and the terms of each of its sums. */
export function productOf(form: GemmForm, { rows, inputs, outputs }: GemmShape) {
  switch (form) {
    case 'forward':
      return { rows, columns: outputs, depth: inputs };
    case 'delta':
      return { rows, columns: inputs, depth: outputs };
    case 'weights':
      return { rows: outputs, columns: inputs, depth: rows };
    default:
      return form satisfies never;
  }
}

function register(rows: number, columns: number, splits = 1): RegisterVariant {
  return { kind: 'register', rows, columns, splits };
}

function tile(rows: number, columns: number): TileVariant {
  return { kind: 'tile', rows, columns };
}

/** Every variant that can compute a result of `columns` columns, sensible there or not. */
export function allVariants(form: GemmForm, columns: number): readonly GemmVariant[] {
  if (columns === 1) {
    return [register(1, 1), register(4, 1), register(8, 1), { kind: 'gemv', columns: 1 }];
  }
  return [
    register(1, 4),
    register(2, 4),
    register(4, 4),
    register(8, 4),
    register(8, 8),
    register(16, 4),
    register(16, 8),
    ...(form === 'weights' ? [register(1, 4, 4), register(4, 4, 4), register(4, 4, 16)] : []),
    tile(4, 4),
    tile(8, 4),
    tile(8, 8),
    { kind: 'gemv', columns: 4 },
  ];
}

/** The variants worth measuring for a shape. */
export function candidates(
  form: GemmForm,
  shape: GemmShape,
  limits: VariantLimits = DEFAULT_LIMITS,
): readonly GemmVariant[] {
  const { columns } = productOf(form, shape);
  return allVariants(form, columns).filter(
    (variant) =>
      GEMM_THREADS <= limits.maxComputeInvocationsPerWorkgroup &&
      workgroupBytes(variant) <= limits.maxComputeWorkgroupStorageSize,
  );
}

/** The variant that is taken where nothing was measured. */
export function defaultVariant(form: GemmForm, shape: GemmShape): GemmVariant {
  const { rows, columns } = productOf(form, shape);
  if (columns === 1) return register(rows >= 256 ? 4 : 1, 1);
  if (rows >= 64 && columns >= 64) return register(8, 8);
  return register(rows >= 16 ? 4 : 1, 4);
}
