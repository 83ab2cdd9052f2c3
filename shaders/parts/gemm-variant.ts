/**
 * How a matrix product is cut into the work of threads. Which cut is fast depends on the device, so
 * each is plain data: made, named, counted and compared without a GPU.
 */

/** The three products of a dense layer: Z = A · Wᵀ, δ · W and δᵀ · A. */
export const GEMM_FORMS = ['forward', 'delta', 'weights'] as const;
export type GemmForm = (typeof GEMM_FORMS)[number];

/** A block of the result that one thread computes in registers. */
interface Block {
  /** 1, 2, or a multiple of 4. */
  readonly rows: number;
  /** A multiple of 4; 1 where the result has one column. */
  readonly columns: number;
}

/** Every thread for itself, from memory to registers. */
export interface RegisterVariant extends Block {
  readonly kind: 'register';
  /**
   * Split-K: parts of K, each summed by threads of its own and added up in a second dispatch; 1 but
   * for weight gradients.
   */
  readonly splitK: number;
}

/**
 * As `register`, but the four threads of a quad share what they load; the device must have subgroups. In a
 * `column` all take the same columns, load a quarter of them each and pass them round. In a `square`, two
 * by two, each loads half of its rows and half of its columns, and has the others from its neighbours.
 */
export interface QuadVariant extends Block {
  readonly kind: 'quad';
  readonly form: 'column' | 'square';
}

/** Workgroups bring tiles of both matrices to workgroup memory and share them. */
export interface TileVariant extends Block {
  readonly kind: 'tile';
}

/** A workgroup for four columns of a row: its threads share out K and add up in a tree. */
export interface GemvVariant {
  readonly kind: 'gemv';
  /** 4; 1 where the result has one column. */
  readonly columns: number;
}

export type GemmVariant = RegisterVariant | QuadVariant | TileVariant | GemvVariant;

/** Threads of every workgroup: whole subgroups on any device, and no more than any device allows. */
export const GEMM_THREADS = 64;

/** Threads of a workgroup with tiles in either direction. */
export const TILE_SIDE = 8;

/** How much of K is in workgroup memory at a time. */
export const TILE_K = 16;

/**
 * A variant's stable short name: `r8x8`, `r4x4s8` with its splitK, `q4x16` for a quad in a column, `s16x16`
 * for one in a square, `t64x64` with its tile, `gemv`.
 */
export function variantName(variant: GemmVariant): string {
  switch (variant.kind) {
    case 'register':
      return `r${variant.rows}x${variant.columns}${variant.splitK > 1 ? `s${variant.splitK}` : ''}`;
    case 'quad':
      return `${variant.form === 'column' ? 'q' : 's'}${variant.rows}x${variant.columns}`;
    case 'tile':
      return `t${variant.rows * TILE_SIDE}x${variant.columns * TILE_SIDE}`;
    case 'gemv':
      return 'gemv';
    default:
      return variant satisfies never;
  }
}

/**
 * Values that an invocation loads for a multiply-add of its own, from memory or from a tile: the fewer,
 * the better on any device, as long as its registers hold the block.
 */
export function loadsPerMultiplyAdd(variant: GemmVariant): number {
  const ofBlock = (rows: number, columns: number, columnsLoaded: number, rowsLoaded = rows) =>
    (rowsLoaded + columnsLoaded) / (rows * columns);
  switch (variant.kind) {
    case 'register':
      return ofBlock(variant.rows, variant.columns, variant.columns);
    case 'quad':
      return variant.form === 'column'
        ? ofBlock(variant.rows, variant.columns, variant.columns / 4)
        : ofBlock(variant.rows, variant.columns, variant.columns / 2, variant.rows / 2);
    case 'tile': {
      const [rows, columns] = [variant.rows * TILE_SIDE, variant.columns * TILE_SIDE];
      return (
        ofBlock(variant.rows, variant.columns, variant.columns) + ofBlock(rows, columns, columns)
      );
    }
    case 'gemv':
      return ofBlock(1, variant.columns, variant.columns);
    default:
      return variant satisfies never;
  }
}

/** Parts of K. */
export function splitKOf(variant: GemmVariant): number {
  return variant.kind === 'register' ? variant.splitK : 1;
}

/** Rows and columns that a quad computes. */
export function quadTile({ form, rows, columns }: QuadVariant) {
  return form === 'column' ? { rows: 4 * rows, columns } : { rows: 2 * rows, columns: 2 * columns };
}

/**
 * Blocks of a workgroup, or quads, in x and y, for a result of `total` columns: as square as the columns
 * allow, so that neighbours share what they read and few stand idle.
 */
export function workgroupBlocks(variant: RegisterVariant | QuadVariant, total: number) {
  const isQuad = variant.kind === 'quad';
  const blocks = isQuad ? GEMM_THREADS / 4 : GEMM_THREADS;
  const { columns } = isQuad ? quadTile(variant) : variant;
  let x = isQuad ? 4 : 8;
  while (x > 1 && x / 2 >= Math.ceil(total / columns)) x /= 2;
  return { x, y: blocks / x };
}

/** Rows and columns that a workgroup computes of a result of `total` columns. */
export function workgroupTile(variant: GemmVariant, total: number) {
  switch (variant.kind) {
    case 'register': {
      const { x, y } = workgroupBlocks(variant, total);
      return { rows: variant.rows * y, columns: variant.columns * x };
    }
    case 'quad': {
      const { x, y } = workgroupBlocks(variant, total);
      const tile = quadTile(variant);
      return { rows: tile.rows * y, columns: tile.columns * x };
    }
    case 'tile':
      return { rows: variant.rows * TILE_SIDE, columns: variant.columns * TILE_SIDE };
    case 'gemv':
      return { rows: 1, columns: variant.columns };
    default:
      return variant satisfies never;
  }
}

/** Bytes of workgroup memory. */
export function workgroupBytes(variant: GemmVariant): number {
  switch (variant.kind) {
    case 'register':
      return 0;
    case 'quad':
      return 4; // the number of the next quad
    case 'tile':
      return 4 * TILE_K * TILE_SIDE * (variant.rows + variant.columns);
    case 'gemv':
      return 4 * variant.columns * GEMM_THREADS;
    default:
      return variant satisfies never;
  }
}
