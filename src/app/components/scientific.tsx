/** A small number as people read it: 1.3 × 10⁻⁶. */
import { scientific } from '../state/format';

export function Scientific({ value }: { readonly value: number | undefined }) {
  if (value === undefined) return <>–</>;
  const parts = scientific(value);
  if (parts === undefined) return <>0</>;
  return (
    <>
      {parts.mantissa} × 10<sup>{String(parts.exponent).replace('-', '−')}</sup>
    </>
  );
}
