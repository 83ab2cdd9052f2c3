/**
 * How a matrix product is cut into the work of threads. Which variant is fast depends on the device, so
 * each is plain data: made, named, counted and compared without a GPU.
 */

/** The three products of a dense layer: Z = A · Wᵀ, δ · W and δᵀ · A. */
export const GEMM_FORMS = ['forward', 'delta', 'weights'] as const;
export type GemmForm = (typeof GEMM_FORMS)[number];

/**
 * `register`: every thread for itself, from memory to registers. `quad` and `square`: the same, but the
 * four threads of a quad share what they load; the device must have subgroups. In a `quad` all take the
 * same columns, load a quarter of them each and pass them round. In a `square`, two by two, each loads half
 * of its rows and half of its columns, and has the others from its neighbours. `tile`: workgroups bring
 * tiles of both matrices to workgroup memory and share them; `tile256` with 256 threads, so that others
 * compute while some wait. `gemv`: a workgroup for one row of a block; its threads share out K and add up
 * in a tree.
 */
export type GemmVariantKind = 'register' | 'quad' | 'square' | 'tile' | 'tile256' | 'gemv';

export interface GemmVariant {
  readonly kind: GemmVariantKind;
  /** Rows of the block of the result that a thread computes in registers: 1, 2, or a multiple of 4. */
  readonly rows: number;
  /** Its columns: a multiple of 4; 1 where the result has one column. */
  readonly columns: number;
  /**
   * Split-K: parts of K, each summed by threads of its own and added up in a second dispatch: of register
   * blocks and tiles. Of the layers' products only weight gradients know how, and take register blocks then.
   */
  readonly splitK: number;
}

/** Threads of a workgroup whose threads are no larger team: whole subgroups on any device. */
export const GEMM_THREADS = 64;

/** How much of K is in workgroup memory at a time. */
export const TILE_K = 16;

/** Threads that share what they load, across the rows and columns of the result, and those that share out K. */
const TEAMS = {
  register: { m: 1, n: 1, k: 1 },
  quad: { m: 4, n: 1, k: 1 },
  square: { m: 2, n: 2, k: 1 },
  tile: { m: 8, n: 8, k: 1 },
  tile256: { m: 16, n: 16, k: 1 },
  gemv: { m: 1, n: 1, k: GEMM_THREADS },
} satisfies Record<GemmVariantKind, Readonly<Record<'m' | 'n' | 'k', number>>>;

/** Whether tiles of both matrices are in workgroup memory. */
export function usesTiles({ kind }: GemmVariant): boolean {
  return kind === 'tile' || kind === 'tile256';
}

/** Threads of a workgroup with tiles in either direction. */
export function tileSide({ kind }: GemmVariant): number {
  return TEAMS[kind].m;
}

/** Whether the threads of a quad exchange values, for which the device must have subgroups. */
export function usesQuads({ kind }: GemmVariant): boolean {
  return kind === 'quad' || kind === 'square';
}

/**
 * A variant's stable short name: `r8x8`, `r4x4s8` with its split-K, `q4x16`, `s16x16`, `t128x64` with its
 * tile, `gemv`.
 */
export function variantName(variant: GemmVariant): string {
  const { kind, rows, columns, splitK } = variant;
  if (kind === 'gemv') return 'gemv';
  const side = usesTiles(variant) ? tileSide(variant) : 1;
  return `${kind[0]}${rows * side}x${columns * side}${splitK > 1 ? `s${splitK}` : ''}`;
}

/**
 * Values that a thread loads for a multiply-add of its own, from memory and from a tile: the fewer, the
 * better on any device, as long as its registers hold the block.
 */
export function loadsPerMultiplyAdd(variant: GemmVariant): number {
  const { kind, rows, columns } = variant;
  const { m, n } = TEAMS[kind];
  const fromTile = usesTiles(variant) ? rows + columns : 0;
  return (rows / n + columns / m + fromTile) / (rows * columns);
}

/** Rows and columns that the threads which share loads compute together. */
export function teamTile({ kind, rows, columns }: GemmVariant) {
  const { m, n } = TEAMS[kind];
  return { rows: rows * m, columns: columns * n };
}

/** Threads of a workgroup: whole teams, and no more than every device allows. */
export function workgroupThreads(variant: GemmVariant): number {
  return Math.max(GEMM_THREADS, teamThreads(variant));
}

/** Threads that have something to do for a result of m × n. */
export function threadsOf(variant: GemmVariant, m: number, n: number): number {
  return teamsOf(variant, m, n) * teamThreads(variant);
}

/** Teams of threads that a result of m × n takes; of tiles, a team is a workgroup. */
export function teamsOf(variant: GemmVariant, m: number, n: number): number {
  const tile = teamTile(variant);
  return Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns) * variant.splitK;
}

function teamThreads({ kind }: GemmVariant): number {
  const { m, n, k } = TEAMS[kind];
  return m * n * k;
}

/**
 * Teams of a workgroup in x and y, for a result of n columns: as square as the columns allow, so that
 * neighbours share what they read and few stand idle.
 */
export function workgroupTeams(variant: GemmVariant, n: number) {
  const teams = workgroupThreads(variant) / teamThreads(variant);
  const { columns } = teamTile(variant);
  let x = Math.sqrt(teams);
  while (x > 1 && x / 2 >= Math.ceil(n / columns)) x /= 2;
  return { x, y: teams / x };
}

/** Rows and columns that a workgroup computes of a result of n columns. */
export function workgroupTile(variant: GemmVariant, n: number) {
  const { x, y } = workgroupTeams(variant, n);
  const tile = teamTile(variant);
  return { rows: tile.rows * y, columns: tile.columns * x };
}
