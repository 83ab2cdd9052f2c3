/** The formulas that a kernel computes, by its name. */
import type { JSX } from 'preact';
import {
  ForwardFormula,
  GradientFormula,
  HiddenDeltaFormula,
  LossFormula,
  OutputDeltaFormula,
  UpdateFormula,
} from '../../../components/formulas';

const sub = (symbol: JSX.Element | string, index: string) => (
  <msub>
    <mi>{symbol}</mi>
    <mi>{index}</mi>
  </msub>
);
const theta = <mi>θ</mi>;
const g = <mi>g</mi>;
const gSquared = (
  <msup>
    <mi>g</mi>
    <mn>2</mn>
  </msup>
);

/** a ← β a + (1 − β) x. */
function Average({ of, by, add }: { of: string; by: JSX.Element; add: JSX.Element }) {
  return (
    <math display="block">
      <mi>{of}</mi>
      <mo>←</mo>
      {by}
      <mi>{of}</mi>
      <mo>+</mo>
      <mo stretchy={false}>(</mo>
      <mn>1</mn>
      <mo>−</mo>
      {by}
      <mo stretchy={false}>)</mo>
      {add}
    </math>
  );
}

function Root({ of }: { readonly of: JSX.Element }) {
  return (
    <>
      <msqrt>{of}</msqrt>
      <mo>+</mo>
      <mi>ε</mi>
    </>
  );
}

const hat = (symbol: string) => (
  <mover accent>
    <mi>{symbol}</mi>
    <mo>^</mo>
  </mover>
);

const AdamFormula = () => (
  <>
    <Average of="m" by={sub('β', '1')} add={g} />
    <Average of="v" by={sub('β', '2')} add={gSquared} />
    <math display="block">
      {theta}
      <mo>←</mo>
      {theta}
      <mo>−</mo>
      <mi>α</mi>
      <mfrac>
        {hat('m')}
        <mrow>
          <Root of={hat('v')} />
        </mrow>
      </mfrac>
    </math>
  </>
);

const RmspropFormula = () => (
  <>
    <Average of="v" by={<mi>ρ</mi>} add={gSquared} />
    <math display="block">
      {theta}
      <mo>←</mo>
      {theta}
      <mo>−</mo>
      <mi>α</mi>
      <mfrac>
        {g}
        <mrow>
          <Root of={<mi>v</mi>} />
        </mrow>
      </mfrac>
    </math>
  </>
);

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

const CrossEntropyFormula = () => (
  <math display="block">
    <mi>ℒ</mi>
    <mo>=</mo>
    <mo>−</mo>
    <mfrac>
      <mn>1</mn>
      <mi>m</mi>
    </mfrac>
    <munderover>
      <mo>∑</mo>
      <mrow>
        <mi>i</mi>
        <mo>=</mo>
        <mn>1</mn>
      </mrow>
      <mi>m</mi>
    </munderover>
    <mi>ln</mi>
    <mo>⁡</mo>
    <msub>
      <mi>p</mi>
      <mrow>
        <mi>i</mi>
        <mo>,</mo>
        {sub('y', 'i')}
      </mrow>
    </msub>
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

const optimizerFormula = (optimizer: string): (() => JSX.Element) => {
  if (optimizer.startsWith('adam')) return AdamFormula;
  return optimizer === 'rmsprop' ? RmspropFormula : UpdateFormula;
};

/** Formulas of a kernel, in the order in which it computes them. */
export function formulasOf(kernel: string, optimizer: string, output: string): JSX.Element[] {
  const update = optimizerFormula(optimizer);
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
