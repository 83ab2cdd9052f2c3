/** The notebook's formulas in MathML. Superscript [l] counts layers; rows of A and δ are samples. */
import type { ComponentChildren, JSX } from 'preact';
import { ScrollRegion } from './scroll-region';

interface FormulaProps {
  /** What the formula is of. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** One or more formulas, one below the other. */
export function Formula({ label, children }: FormulaProps) {
  return (
    <ScrollRegion class="formula" label={label}>
      {children}
    </ScrollRegion>
  );
}

interface OfLayer {
  readonly symbol: string;
  readonly layer: JSX.Element;
  readonly transposed?: boolean;
}

/** `W` with its layer in brackets above it. */
function OfLayer({ symbol, layer, transposed }: OfLayer) {
  return (
    <msup>
      <mi>{symbol}</mi>
      <mrow>
        <mo stretchy={false}>[</mo>
        {layer}
        <mo stretchy={false}>]</mo>
        {transposed && <mi mathvariant="normal">⊤</mi>}
      </mrow>
    </msup>
  );
}

const THIS = <mi>l</mi>;
const LAST = <mi>L</mi>;
const PREVIOUS = (
  <mrow>
    <mi>l</mi>
    <mo>−</mo>
    <mn>1</mn>
  </mrow>
);
const NEXT = (
  <mrow>
    <mi>l</mi>
    <mo>+</mo>
    <mn>1</mn>
  </mrow>
);

const OVER_M = (
  <mfrac>
    <mn>1</mn>
    <mi>m</mi>
  </mfrac>
);

const Z = <OfLayer symbol="Z" layer={THIS} />;
const A = <OfLayer symbol="A" layer={THIS} />;
const W = <OfLayer symbol="W" layer={THIS} />;
const B = <OfLayer symbol="b" layer={THIS} />;
const DELTA = <OfLayer symbol="δ" layer={THIS} />;

/** ∂L / ∂x. */
function Gradient({ of }: { readonly of: JSX.Element }) {
  return (
    <mfrac>
      <mrow>
        <mi>∂</mi>
        <mi>ℒ</mi>
      </mrow>
      <mrow>
        <mi>∂</mi>
        {of}
      </mrow>
    </mfrac>
  );
}

/** f′ */
export function Prime({ of }: { readonly of: JSX.Element }) {
  return (
    <msup>
      {of}
      <mo>′</mo>
    </msup>
  );
}

/** f(x). */
export function Call({ name, of }: { readonly name: JSX.Element; readonly of: JSX.Element }) {
  return (
    <>
      {name}
      <mo stretchy={false}>(</mo>
      {of}
      <mo stretchy={false}>)</mo>
    </>
  );
}

/** The activation, whichever was chosen. */
const F = <mi>f</mi>;
const F_PRIME = <Prime of={F} />;

export const ForwardFormula = () => (
  <>
    <math display="block">
      {Z}
      <mo>=</mo>
      <OfLayer symbol="A" layer={PREVIOUS} />
      <OfLayer symbol="W" layer={THIS} transposed />
      <mo>+</mo>
      {B}
    </math>
    <math display="block">
      {A}
      <mo>=</mo>
      <Call name={F} of={Z} />
    </math>
  </>
);

const yi = (
  <msub>
    <mi>y</mi>
    <mi>i</mi>
  </msub>
);
const pi = (
  <msub>
    <mi>p</mi>
    <mi>i</mi>
  </msub>
);
const SUM_OVER_SAMPLES = (
  <munderover>
    <mo>∑</mo>
    <mrow>
      <mi>i</mi>
      <mo>=</mo>
      <mn>1</mn>
    </mrow>
    <mi>m</mi>
  </munderover>
);

export const LossFormula = () => (
  <math display="block">
    <mi>ℒ</mi>
    <mo>=</mo>
    <mo>−</mo>
    {OVER_M}
    {SUM_OVER_SAMPLES}
    <mo stretchy={false}>[</mo>
    {yi}
    <mi>ln</mi>
    <mo>⁡</mo>
    {pi}
    <mo>+</mo>
    <mo stretchy={false}>(</mo>
    <mn>1</mn>
    <mo>−</mo>
    {yi}
    <mo stretchy={false}>)</mo>
    <mi>ln</mi>
    <mo>⁡</mo>
    <mo stretchy={false}>(</mo>
    <mn>1</mn>
    <mo>−</mo>
    {pi}
    <mo stretchy={false}>)</mo>
    <mo stretchy={false}>]</mo>
  </math>
);

/** Of several classes: the surprise at the probability of the true one. */
export const CrossEntropyFormula = () => (
  <math display="block">
    <mi>ℒ</mi>
    <mo>=</mo>
    <mo>−</mo>
    {OVER_M}
    {SUM_OVER_SAMPLES}
    <mi>ln</mi>
    <mo>⁡</mo>
    <msub>
      <mi>p</mi>
      <mrow>
        <mi>i</mi>
        <mo>,</mo>
        {yi}
      </mrow>
    </msub>
  </math>
);

export const OutputDeltaFormula = () => (
  <math display="block">
    <OfLayer symbol="δ" layer={LAST} />
    <mo>=</mo>
    <OfLayer symbol="A" layer={LAST} />
    <mo>−</mo>
    <mi>Y</mi>
  </math>
);

export const HiddenDeltaFormula = () => (
  <math display="block">
    {DELTA}
    <mo>=</mo>
    <mo stretchy={false}>(</mo>
    <OfLayer symbol="δ" layer={NEXT} />
    <OfLayer symbol="W" layer={NEXT} />
    <mo stretchy={false}>)</mo>
    <mo>⊙</mo>
    <Call name={F_PRIME} of={Z} />
  </math>
);

export const GradientFormula = () => (
  <>
    <math display="block">
      <Gradient of={W} />
      <mo>=</mo>
      {OVER_M}
      <OfLayer symbol="δ" layer={THIS} transposed />
      <OfLayer symbol="A" layer={PREVIOUS} />
    </math>
    <math display="block">
      <Gradient of={B} />
      <mo>=</mo>
      {OVER_M}
      {SUM_OVER_SAMPLES}
      <msub>
        {DELTA}
        <mi>i</mi>
      </msub>
    </math>
  </>
);

export const UpdateFormula = () => (
  <>
    <math display="block">
      {W}
      <mo>←</mo>
      {W}
      <mo>−</mo>
      <mi>α</mi>
      <Gradient of={W} />
    </math>
    <math display="block">
      {B}
      <mo>←</mo>
      {B}
      <mo>−</mo>
      <mi>α</mi>
      <Gradient of={B} />
    </math>
  </>
);
