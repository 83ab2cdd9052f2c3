/**
 * The two layouts that products read. A *panel* holds eight samples of every unit, (units × 8), and the
 * panels follow each other: activations and deltas lie so. A *block* holds four rows of a left factor,
 * (depth × 4): packed weights and deltas lie so. Both end in zeros up to the next whole one.
 */

/** Samples of a panel. */
export const PANEL: usize = 8;
/** Bytes of a unit in a panel. */
export const PANEL_BYTES: usize = 32;
/** Rows of a block. */
export const BLOCK: usize = 4;
/** Bytes of a step of the depth in a block. */
export const BLOCK_BYTES: usize = 16;
