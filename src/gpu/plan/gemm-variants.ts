/** Which cuts of a matrix product fit a shape and a device, and which is taken where nothing was measured. */
import {
  GEMM_THREADS,
  type GemmForm,
  type GemmVariant,
  loadsPerMultiplyAdd,
  type QuadVariant,
  quadTile,
  type RegisterVariant,
  TILE_K,
  type TileVariant,
  variantName,
  workgroupBytes,
  workgroupTile,
} from '../../../shaders/parts/gemm-variant';

export {
  type GemmForm,
  type GemmVariant,
  loadsPerMultiplyAdd,
  variantName,
} from '../../../shaders/parts/gemm-variant';

/** A layer at work: samples at a time, inputs and outputs. The same for all three forms. */
export interface GemmShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Chooses the variant of one product of a plan. */
export type VariantChooser = (form: GemmForm, shape: GemmShape) => GemmVariant;

/** What of a device a variant is held against. */
export interface VariantDevice {
  readonly limits: Pick<
    GPUSupportedLimits,
    'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupStorageSize'
  >;
  readonly features: ReadonlySet<string>;
}

/** What every WebGPU device has at least. */
export const PLAINEST_DEVICE: VariantDevice = {
  limits: { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16_384 },
  features: new Set(),
};

/** Rows and columns of a product's result, and the terms of each of its sums. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** The product of a form. */
export function productOf(form: GemmForm, { rows, inputs, outputs }: GemmShape): Product {
  switch (form) {
    case 'forward':
      return { m: rows, n: outputs, k: inputs };
    case 'delta':
      return { m: rows, n: inputs, k: outputs };
    case 'weights':
      return { m: outputs, n: inputs, k: rows };
    default:
      return form satisfies never;
  }
}

function register(rows: number, columns: number, splitK = 1): RegisterVariant {
  return { kind: 'register', rows, columns, splitK };
}

function tile(rows: number, columns: number): TileVariant {
  return { kind: 'tile', rows, columns };
}

function quad(rows: number, columns: number): QuadVariant {
  return { kind: 'quad', form: 'column', rows, columns };
}

function square(rows: number, columns: number): QuadVariant {
  return { kind: 'quad', form: 'square', rows, columns };
}

/** Every variant that can compute a result of n columns, sensible there or not. */
export function allVariants(form: GemmForm, n: number): readonly GemmVariant[] {
  if (n === 1) return [register(4, 1), register(1, 1), { kind: 'gemv', columns: 1 }];
  return [
    register(8, 8),
    square(16, 16),
    square(8, 8),
    quad(8, 16),
    register(16, 8),
    tile(8, 8),
    quad(4, 16),
    register(4, 4),
    tile(4, 4),
    register(8, 4),
    register(2, 4),
    register(1, 4),
    ...(form === 'weights' ? [register(4, 4, 4), register(4, 4, 16)] : []),
    { kind: 'gemv', columns: 4 },
  ];
}

/**
 * The variants worth measuring for a shape, the fixed table's first and then by expectation: who measures
 * may stop early.
 */
export function candidates(
  form: GemmForm,
  shape: GemmShape,
  device: VariantDevice = PLAINEST_DEVICE,
): readonly GemmVariant[] {
  const product = productOf(form, shape);
  const first = defaultVariant(form, shape);
  const others = allVariants(form, product.n)
    .filter(
      (variant) => variantName(variant) !== variantName(first) && suits(variant, form, product),
    )
    .sort((a, b) => expectedCost(a, product) - expectedCost(b, product));
  return [first, ...others].filter((variant) => fits(variant, device));
}

/** Whether a device can run a variant. */
function fits(variant: GemmVariant, { limits, features }: VariantDevice): boolean {
  return (
    GEMM_THREADS <= limits.maxComputeInvocationsPerWorkgroup &&
    workgroupBytes(variant) <= limits.maxComputeWorkgroupStorageSize &&
    (variant.kind !== 'quad' || features.has('subgroups'))
  );
}

/** Below this much of a result, threads that share out K may beat those that share out the result. */
const SMALL_RESULT = 1024;
/** From this K on there is something to share out. */
const LONG_K = 256;

/** Whether a variant may win: most of its block is inside the result, and what it shares out is there. */
export function suits(variant: GemmVariant, form: GemmForm, { m, n, k }: Product): boolean {
  switch (variant.kind) {
    case 'register':
      if (variant.splitK > 1) {
        return m * n <= 16 * SMALL_RESULT && k >= variant.splitK * LONG_K;
      }
      return variant.rows < 2 * m && variant.columns < n + 4;
    case 'quad': {
      const readsFour = form === 'weights' || k % 4 === 0;
      const tile = quadTile(variant);
      return readsFour && tile.rows <= m && tile.columns <= n;
    }
    case 'tile': {
      const tile = workgroupTile(variant, n);
      return tile.rows <= m && tile.columns <= n && k >= TILE_K;
    }
    case 'gemv':
      return m * n <= SMALL_RESULT && k >= LONG_K;
    default:
      return variant satisfies never;
  }
}

/** Fewer threads than this leave a device idle: two workgroups. */
const LEAST_THREADS = 2 * GEMM_THREADS;

/**
 * What a variant may be expected to cost, beside others for the same product: its loads for a
 * multiply-add, which every adapter has least of, and more where its threads are too few for a device.
 */
export function expectedCost(variant: GemmVariant, product: Product): number {
  return loadsPerMultiplyAdd(variant) * Math.max(1, LEAST_THREADS / threadsOf(variant, product));
}

/** Threads that have something to do. */
function threadsOf(variant: GemmVariant, { m, n }: Product): number {
  switch (variant.kind) {
    case 'register':
      return Math.ceil(m / variant.rows) * Math.ceil(n / variant.columns) * variant.splitK;
    case 'quad':
      return Math.ceil(m / variant.rows) * Math.ceil(n / variant.columns);
    case 'tile':
    case 'gemv': {
      const tile = workgroupTile(variant, n);
      return GEMM_THREADS * Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns);
    }
    default:
      return variant satisfies never;
  }
}

/**
 * The variant that is taken where nothing was measured. A block of r × c loads r + c values for r·c
 * multiply-adds: 2 for each with 1 × 1, 1.25 with 1 × 4, 0.5 with 4 × 4, 0.25 with 8 × 8, and loads are
 * what every adapter has least of. So the largest block that leaves threads enough, up to 8 × 8: beyond
 * that a GPU runs out of registers. Tiles and quads win on some devices and lose on others, and are
 * left to measurement.
 */
export function defaultVariant(form: GemmForm, shape: GemmShape): GemmVariant {
  const { m, n, k } = productOf(form, shape);
  const blocks = n === 1 ? COLUMN_BLOCKS : BLOCKS;
  const leavesEnough = (block: RegisterVariant) =>
    suits(block, form, { m, n, k }) &&
    Math.ceil(m / block.rows) * Math.ceil(n / block.columns) >= LEAST_THREADS;
  return blocks.find(leavesEnough) ?? blocks[blocks.length - 1];
}

/** Register blocks, the largest first. */
const BLOCKS = [register(8, 8), register(8, 4), register(4, 4), register(2, 4), register(1, 4)];
const COLUMN_BLOCKS = [register(4, 1), register(1, 1)];
