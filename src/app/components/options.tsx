/** The options of a select. */

interface Props {
  readonly values: readonly (string | number)[];
  /** What an option is called; by default as its value is written. */
  readonly titleOf?: (value: string) => string;
}

export function Options({ values, titleOf = (value) => value }: Props) {
  return (
    <>
      {values.map((value) => (
        <option key={value} value={value}>
          {titleOf(String(value))}
        </option>
      ))}
    </>
  );
}
