/** The update rules in MathML; θ stands for all parameters, g for their gradient. */
import type { JSX } from 'preact';
import { UpdateFormula } from './formulas';

const sub = (symbol: string, index: string) => (
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

/** The update rule of an optimizer. */
export function updateFormulaOf(optimizer: string): () => JSX.Element {
  if (optimizer.startsWith('adam')) return AdamFormula;
  return optimizer === 'rmsprop' ? RmspropFormula : UpdateFormula;
}
