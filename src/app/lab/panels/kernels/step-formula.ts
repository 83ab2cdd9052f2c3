/** The formulas that a kernel computes, as it names them. */
import type { Configuration } from '../../../../training/configuration/fields';
import type { FormulaName } from '../../../../training/plan-description';
import {
  BINARY_CROSS_ENTROPY,
  CROSS_ENTROPY,
  FORWARD,
  GRADIENT,
  HIDDEN_DELTA,
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
): readonly string[] {
  const formulas = {
    forward: FORWARD,
    loss: output === 'softmax' ? CROSS_ENTROPY : BINARY_CROSS_ENTROPY,
    'output-delta': OUTPUT_DELTA,
    'hidden-delta': HIDDEN_DELTA,
    gradient: GRADIENT,
    update: UPDATES[optimizer],
    norm: NORM,
    transpose: TRANSPOSE,
  } satisfies Record<FormulaName, readonly string[]>;
  return names.flatMap((name) => formulas[name]);
}
