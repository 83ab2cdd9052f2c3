/** The line of a kernel that a formula of the notebook is about, among everything that a shader needs. */
import type { FormulaName } from '../../training/plan-description';

/** What the line has in it; several where kernels say the same in other words. */
const KEYS: Partial<Record<FormulaName, readonly RegExp[]>> = {
  // The probability minus the label: of one output, and of several.
  'output-delta': [/- y;/, /\* inverse - /],
  // The mean over the batch.
  'dense-gradient': [/\* step\.inverse_rows/],
  update: [/w -= step\./],
};
/** Lines above it that are shown as well. */
const LINES_ABOVE = 2;

/** Index of the line to begin at: a little above the one that matters, or where the kernel begins. */
export function keyLine(wgsl: string, formula: FormulaName): number {
  const lines = wgsl.split('\n');
  for (const key of KEYS[formula] ?? []) {
    const found = lines.findIndex((line) => key.test(line.replace(/\/\/.*/, '')));
    if (found >= 0) return Math.max(0, found - LINES_ABOVE);
  }
  return Math.max(
    0,
    lines.findIndex((line) => line.includes('@compute')),
  );
}
