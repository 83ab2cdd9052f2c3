/** The formulas that a kernel computes, as it names them. */
import { LAYER_FORMULAS } from '../../../../layers/formula';
import type { MathMl } from '../../../../layers/tex';
import type { Configuration } from '../../../../training/configuration/fields';
import type { FormulaName } from '../../../../training/plan-description';
import {
  BINARY_CROSS_ENTROPY,
  CROSS_ENTROPY,
  NORM,
  OUTPUT_DELTA,
  TRANSPOSE,
  UPDATES,
} from '../../../components/formulas';

/** TeX of the formulas that a kernel names, in its order, for this optimizer and output. */
export function formulasOf(
  names: readonly FormulaName[],
  optimizer: Configuration['optimizer'],
  output: string,
): readonly MathMl[] {
  const formulas = {
    ...LAYER_FORMULAS,
    loss: output === 'softmax' ? CROSS_ENTROPY : BINARY_CROSS_ENTROPY,
    'output-delta': OUTPUT_DELTA,
    update: UPDATES[optimizer],
    norm: NORM,
    transpose: TRANSPOSE,
  } satisfies Record<FormulaName, readonly MathMl[]>;
  return names.flatMap((name) => formulas[name]);
}
