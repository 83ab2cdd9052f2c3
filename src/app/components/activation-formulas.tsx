/** The activations and their derivatives in MathML. */
import type { JSX } from 'preact';
import { type Activation, LEAKY_RELU_SLOPE } from '../../model/network-spec';
import { Call, Prime } from './formulas';

const SIGMA = <mi>σ</mi>;
const SIGMA_PRIME = <Prime of={SIGMA} />;
const F = <mi>f</mi>;
const F_PRIME = <Prime of={F} />;
const z = <mi>z</mi>;
const ZERO = <mn>0</mn>;
const ONE = <mn>1</mn>;

const SIGMOID = (
  <math display="block">
    <Call name={SIGMA} of={z} />
    <mo>=</mo>
    <mfrac>
      <mn>1</mn>
      <mrow>
        <mn>1</mn>
        <mo>+</mo>
        <msup>
          <mi>e</mi>
          <mrow>
            <mo>−</mo>
            {z}
          </mrow>
        </msup>
      </mrow>
    </mfrac>
  </math>
);

const SIGMOID_SLOPE = (
  <math display="block">
    <Call name={SIGMA_PRIME} of={z} />
    <mo>=</mo>
    <Call name={SIGMA} of={z} />
    <mspace width="0.15em" />
    <mo stretchy={false}>(</mo>
    <mn>1</mn>
    <mo>−</mo>
    <Call name={SIGMA} of={z} />
    <mo stretchy={false}>)</mo>
  </math>
);

const TANH = (
  <math display="block">
    <Call name={F} of={z} />
    <mo>=</mo>
    <mi>tanh</mi>
    <mo>⁡</mo>
    {z}
  </math>
);

const TANH_SLOPE = (
  <math display="block">
    <Call name={F_PRIME} of={z} />
    <mo>=</mo>
    {ONE}
    <mo>−</mo>
    <msup>
      <mi>tanh</mi>
      <mn>2</mn>
    </msup>
    <mo>⁡</mo>
    {z}
  </math>
);

/** A function that is one thing for z > 0 and another elsewhere. */
function Cases({
  name,
  above,
  below,
}: {
  name: JSX.Element;
  above: JSX.Element;
  below: JSX.Element;
}) {
  const line = (value: JSX.Element, condition: JSX.Element) => (
    <mtr>
      <mtd>{value}</mtd>
      <mtd>{condition}</mtd>
    </mtr>
  );
  return (
    <math display="block">
      <Call name={name} of={z} />
      <mo>=</mo>
      <mrow>
        <mo>{'{'}</mo>
        <mtable>
          {line(
            above,
            <mrow>
              {z}
              <mo>&gt;</mo>
              {ZERO}
            </mrow>,
          )}
          {line(below, <mtext>otherwise</mtext>)}
        </mtable>
      </mrow>
    </math>
  );
}

const SLOPE = <mn>{LEAKY_RELU_SLOPE}</mn>;

const FORMULAS = {
  sigmoid: [SIGMOID, SIGMOID_SLOPE],
  tanh: [TANH, TANH_SLOPE],
  relu: [
    <Cases key="f" name={F} above={z} below={ZERO} />,
    <Cases key="slope" name={F_PRIME} above={ONE} below={ZERO} />,
  ],
  leaky_relu: [
    <Cases
      key="f"
      name={F}
      above={z}
      below={
        <mrow>
          {SLOPE}
          {z}
        </mrow>
      }
    />,
    <Cases key="slope" name={F_PRIME} above={ONE} below={SLOPE} />,
  ],
} as const satisfies Record<Activation, readonly JSX.Element[]>;

/** An activation, and below it its derivative. */
export function ActivationFormulas({ activation }: { readonly activation: Activation }) {
  return <>{FORMULAS[activation]}</>;
}
