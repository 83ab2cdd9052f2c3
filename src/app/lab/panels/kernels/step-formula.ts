/** The formulas that a kernel computes, by its name. */
import type { Configuration } from '../../../../training/configuration/fields';
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

/** Formulas of a kernel, in the order in which it computes them. */
export function formulasOf(
  kernel: string,
  optimizer: Configuration['optimizer'],
  output: string,
): readonly string[] {
  const update = UPDATES[optimizer];
  const loss = output === 'softmax' ? CROSS_ENTROPY : BINARY_CROSS_ENTROPY;
  const pass = [...FORWARD, ...loss, ...OUTPUT_DELTA, ...HIDDEN_DELTA];
  const table: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^dense-forward|^output-probabilities/, FORWARD],
    [/cross-entropy$/, [...loss, ...OUTPUT_DELTA]],
    [/^dense-backward-delta/, HIDDEN_DELTA],
    [/^dense-backward-weights|^sum-partials/, GRADIENT],
    [/^sample-forward-backward/, pass],
    [/^gradient-update/, [...GRADIENT, ...update]],
    [/^persistent-training/, [...pass, ...GRADIENT, ...update]],
    [/-update$/, update],
    [/^norm/, NORM],
    [/^pack/, TRANSPOSE],
  ];
  return table.find(([pattern]) => pattern.test(kernel))?.[1] ?? [];
}
