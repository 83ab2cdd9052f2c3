/** Which variants of a matrix product suit a shape and a device, and which is taken where nothing was measured. */
import {
  type GemmForm,
  type GemmVariant,
  type GemmVariantKind,
  loadsPerMultiplyAdd,
  TILE_K,
  teamsOf,
  teamTile,
  threadsOf,
  usesQuads,
  variantName,
} from '../../../shaders/parts/gemm-variant';
import { defaultsFor } from './device-class';
import type { ProblemShape } from './plan';

/** A layer at work: samples at a time, inputs and outputs. The same for all three forms. */
export interface GemmShape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** The gradients' sums are over places of samples, too: so long that they are taken in parts by default. */
  readonly isLong?: boolean;
}

/** Chooses the variant of one product of a plan. */
export type VariantChooser = (form: GemmForm, shape: GemmShape) => GemmVariant;

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

function variant(kind: GemmVariantKind, rows: number, columns: number, splitK = 1): GemmVariant {
  return { kind, rows, columns, splitK };
}

/** Register blocks, the largest first. */
const BLOCKS = [
  variant('register', 8, 8),
  variant('register', 8, 4),
  variant('register', 4, 4),
  variant('register', 2, 4),
  variant('register', 1, 4),
];

/** Tiles in workgroup memory, the largest first: `t128x64`, `t64x64`, `t32x32`. */
const SMALLEST_TILE = variant('tile', 4, 4);
const TILES = [variant('tile256', 8, 4), variant('tile256', 4, 4), SMALLEST_TILE];

/** A workgroup for four elements of a row. */
const GEMV = variant('gemv', 1, 4);

const VARIANTS: readonly GemmVariant[] = [
  ...BLOCKS,
  variant('register', 16, 8),
  variant('square', 16, 16),
  variant('square', 8, 8),
  variant('quad', 8, 16),
  variant('quad', 4, 16),
  ...TILES,
  GEMV,
];

/** Those whose sums are in parts, which only the kernel of the weight gradients knows. */
const SPLIT_VARIANTS = [variant('register', 4, 4, 4), variant('register', 4, 4, 16)];
/** For sums over places of samples, too, and what a part of such a sum has at least. */
const LONG_SPLIT = variant('register', 4, 4, 64);
const LEAST_LONG_PART = 64;

/** For a result of one column: the blocks, and all. */
const COLUMN_BLOCKS = [variant('register', 4, 1), variant('register', 1, 1)];
const COLUMN_VARIANTS: readonly GemmVariant[] = [...COLUMN_BLOCKS, variant('gemv', 1, 1)];

/** Every variant that can compute a result of n columns, sensible there or not. */
export function allVariants(form: GemmForm, n: number): readonly GemmVariant[] {
  if (n === 1) return COLUMN_VARIANTS;
  return form === 'weights' ? [...VARIANTS, ...SPLIT_VARIANTS, LONG_SPLIT] : VARIANTS;
}

/**
 * The variants worth measuring for a shape, the fixed choice first and then by expectation: who measures
 * may stop early.
 *
 * @param features - of the device: some variants need subgroups
 * @param device - whose kind decides what is expected
 */
export function variantsFor(
  form: GemmForm,
  shape: GemmShape,
  features: ReadonlySet<string> = new Set(),
  device: Pick<ProblemShape, 'deviceClass'> = {},
): readonly GemmVariant[] {
  const product = productOf(form, shape);
  const first = defaultVariant(form, shape, device);
  const others = allVariants(form, product.n)
    .filter((other) => variantName(other) !== variantName(first) && suits(other, form, product))
    .filter((other) => !usesQuads(other) || features.has('subgroups'))
    .sort((a, b) => expectedCost(a, product, device) - expectedCost(b, product, device));
  return [first, ...others];
}

/** Below this much of a result, threads that share out K may beat those that share out the result. */
const SMALL_RESULT = 1024;
/** And below this much where a GPU would be idle otherwise. */
const MOST_SHARED = 32 * SMALL_RESULT;
/** From this K on there is something to share out. */
const LONG_K = 256;

/** Whether a variant may win: most of its block is inside the result, and what it shares out is there. */
export function suits(variant: GemmVariant, form: GemmForm, { m, n, k }: Product): boolean {
  const { kind, rows, columns, splitK } = variant;
  const tile = teamTile(variant);
  const isInside = tile.rows <= m && tile.columns <= n;
  switch (kind) {
    case 'register':
      if (splitK > 1) return m * n <= 16 * SMALL_RESULT && k >= splitK * LONG_K;
      return rows < 2 * m && columns < n + 4;
    case 'quad':
    case 'square':
      // Only where K is read four at a time is there something to pass round.
      return isInside && (form === 'weights' || k % 4 === 0);
    case 'tile':
    case 'tile256':
      return isInside && k >= TILE_K;
    case 'gemv':
      return m * n <= SMALL_RESULT && k >= LONG_K;
    default:
      return kind satisfies never;
  }
}

/**
 * What a variant may be expected to cost, beside others for the same product: its loads for a
 * multiply-add, which every adapter has least of, and more where its threads are too few for a device.
 */
export function expectedCost(
  variant: GemmVariant,
  { m, n }: Product,
  device: Pick<ProblemShape, 'deviceClass'> = {},
): number {
  const { leastThreads } = defaultsFor(device);
  return loadsPerMultiplyAdd(variant) * Math.max(1, leastThreads / threadsOf(variant, m, n));
}

/**
 * The variant that is taken where nothing was measured. On a card, the largest tile of which there are
 * enough to give each of its units one; elsewhere, and where there are not, a register block. A block of
 * r × c loads r + c values for r·c multiply-adds: 2 for each with 1 × 1, 1.25 with 1 × 4, 0.5 with 4 × 4,
 * 0.25 with 8 × 8, and loads are what every adapter has least of. So the largest block that leaves threads
 * enough, up to 8 × 8: beyond that a GPU runs out of registers. Where even the smallest leaves a GPU idle,
 * threads share out a long K. Quads win on some devices and lose on others, and are left to measurement,
 * as tiles are on all devices but cards.
 */
export function defaultVariant(
  form: GemmForm,
  shape: GemmShape,
  device: Pick<ProblemShape, 'deviceClass'> = {},
): GemmVariant {
  const { leastThreads, leastTiles } = defaultsFor(device);
  const product = productOf(form, shape);
  const { m, n, k } = product;
  if (shape.isLong) {
    const inParts = [...SPLIT_VARIANTS, LONG_SPLIT].findLast(
      ({ splitK }) => k >= splitK * LEAST_LONG_PART,
    );
    if (inParts !== undefined) return inParts;
  }
  // The smallest also where half of a card would be idle: the register blocks that are small enough to
  // keep it busy load five values for four multiply-adds, and wait for them.
  const enoughOf = (tile: GemmVariant) => (tile === SMALLEST_TILE ? leastTiles / 2 : leastTiles);
  const tile = TILES.find(
    (tile) => suits(tile, form, product) && teamsOf(tile, m, n) >= enoughOf(tile),
  );
  if (tile !== undefined) return tile;
  const blocks = n === 1 ? COLUMN_BLOCKS : BLOCKS;
  const leavesEnough = (block: GemmVariant) =>
    suits(block, form, product) && threadsOf(block, m, n) >= leastThreads;
  return (
    blocks.find(leavesEnough) ??
    (defaultsFor(device).sharesK ? sharingK(form, product) : undefined) ??
    blocks[blocks.length - 1]
  );
}

/** Samples of a part that are worth the dispatch which adds the parts up. */
const LEAST_PART = 16;

/** Where a result has few elements: a variant whose threads share out K, if there is enough of it. */
function sharingK(form: GemmForm, { m, n, k }: Product): GemmVariant | undefined {
  if (m * n > MOST_SHARED || n === 1) return undefined;
  if (form !== 'weights') return k >= LONG_K ? GEMV : undefined;
  return SPLIT_VARIANTS.findLast(({ rows, splitK }) => rows < 2 * m && k >= splitK * LEAST_PART);
}

/** The choice where nothing was measured, for the kind of device that a plan is for. */
export function fixedChooser(device: Pick<ProblemShape, 'deviceClass'>): VariantChooser {
  return (form, shape) => defaultVariant(form, shape, device);
}
