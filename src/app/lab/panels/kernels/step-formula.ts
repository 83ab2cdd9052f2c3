/** The formulas that a kernel computes, as it names them. */
import { LAYER_FORMULAS } from '../../../../layers/formula';
import type { MathMl } from '../../../../layers/tex';
import type { Configuration } from '../../../../training/configuration/fields';
import type { FormulaName } from '../../../../training/plan-description';
import {
  AUGMENTATION,
  BINARY_CROSS_ENTROPY,
  CROSS_ENTROPY,
  NORM,
  OUTPUT_DELTA,
  SCALING,
  TRANSPOSE,
  updateFormulas,
} from '../../../components/formulas';

/** TeX of the formulas that a kernel names, in its order, for this update rule and output. */
export function formulasOf(
  names: readonly FormulaName[],
  configuration: Configuration,
  output: string,
): readonly MathMl[] {
  const formulas = {
    ...LAYER_FORMULAS,
    scaling: SCALING,
    augmentation: AUGMENTATION,
    loss: output === 'softmax' ? CROSS_ENTROPY : BINARY_CROSS_ENTROPY,
    'output-delta': OUTPUT_DELTA,
    update: updateFormulas(configuration),
    norm: NORM,
    transpose: TRANSPOSE,
  } satisfies Record<FormulaName, readonly MathMl[]>;
  return names.flatMap((name) => formulas[name]);
}
