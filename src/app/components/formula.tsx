/** Formulas in MathML, as the build made it of their TeX. */
import { h, type VNode } from 'preact';
import type { MathMl } from '../../layers/tex';
import './formula.css';
import { ScrollRegion } from './scroll-region';

interface Props {
  /** What the formula is of. */
  readonly label: string;
  readonly formulas: readonly MathMl[];
}

/** One or more formulas, one below the other. */
export function Formula({ label, formulas }: Props) {
  return (
    <ScrollRegion class="formula" label={label}>
      <div>{formulas.map(elementOf)}</div>
    </ScrollRegion>
  );
}

function elementOf(node: MathMl): VNode | string {
  if (typeof node === 'string') return node;
  const [tag, attributes, content] = node;
  return h(tag, attributes, ...content.map(elementOf));
}
