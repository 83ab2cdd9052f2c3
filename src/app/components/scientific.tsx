/** A small number as people read it: 1.3 × 10⁻⁶. */
export function Scientific({ value }: { readonly value: number | undefined }) {
  if (value === undefined) return <>–</>;
  if (value === 0) return <>0</>;
  const [mantissa, exponent] = value.toExponential(1).split('e');
  return (
    <>
      {mantissa} × 10<sup>{String(Number(exponent)).replace('-', '−')}</sup>
    </>
  );
}
