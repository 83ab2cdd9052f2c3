/** The formulas that a kernel computes, by its name. */
import type { JSX } from 'preact';
import {
  CrossEntropyFormula,
  ForwardFormula,
  GradientFormula,
  HiddenDeltaFormula,
  LossFormula,
  OutputDeltaFormula,
} from '../../../components/formulas';
import { updateFormulaOf } from '../../../components/update-formulas';

const NormFormula = () => (
  <math display="block">
    <mo>‖</mo>
    <mi>x</mi>
    <mo>‖</mo>
    <mo>=</mo>
    <msqrt>
      <munder>
        <mo>∑</mo>
        <mi>i</mi>
      </munder>
      <msubsup>
        <mi>x</mi>
        <mi>i</mi>
        <mn>2</mn>
      </msubsup>
    </msqrt>
  </math>
);

const TransposeFormula = () => (
  <math display="block">
    <mi>P</mi>
    <mo>=</mo>
    <msup>
      <mi>W</mi>
      <mi mathvariant="normal">⊤</mi>
    </msup>
  </math>
);

/** Formulas of a kernel, in the order in which it computes them. */
export function formulasOf(kernel: string, optimizer: string, output: string): JSX.Element[] {
  const update = updateFormulaOf(optimizer);
  const loss = output === 'softmax' ? CrossEntropyFormula : LossFormula;
  const pass = [ForwardFormula, loss, OutputDeltaFormula, HiddenDeltaFormula];
  const table: readonly (readonly [RegExp, readonly (() => JSX.Element)[]])[] = [
    [/^dense-forward|^output-probabilities/, [ForwardFormula]],
    [/cross-entropy$/, [loss, OutputDeltaFormula]],
    [/^dense-backward-delta/, [HiddenDeltaFormula]],
    [/^dense-backward-weights|^sum-partials/, [GradientFormula]],
    [/^sample-forward-backward/, pass],
    [/^gradient-update/, [GradientFormula, update]],
    [/^persistent-training/, [...pass, GradientFormula, update]],
    [/-update$/, [update]],
    [/^norm/, [NormFormula]],
    [/^pack/, [TransposeFormula]],
  ];
  const formulas = table.find(([pattern]) => pattern.test(kernel))?.[1] ?? [];
  return formulas.map((Formula, index) => <Formula key={index} />);
}
