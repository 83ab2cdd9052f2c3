/** Formulas in MathML, as the build made it of their TeX. */
import { ScrollRegion } from './scroll-region';

interface Props {
  /** What the formula is of. */
  readonly label: string;
  readonly formulas: readonly string[];
}

/** One or more formulas, one below the other. */
export function Formula({ label, formulas }: Props) {
  return (
    <ScrollRegion class="formula" label={label}>
      {/* Constants of the sources, made by the build: nothing that anybody typed. */}
      <div dangerouslySetInnerHTML={{ __html: formulas.join('') }} />
    </ScrollRegion>
  );
}
