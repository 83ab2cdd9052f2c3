/** A choice of many, as a list that unfolds: what `Segments` are for a few. */
import type { ComponentProps } from 'preact';

type Attributes = Pick<
  ComponentProps<'select'>,
  'id' | 'disabled' | 'aria-label' | 'aria-describedby' | 'aria-invalid'
>;

interface Props<T> extends Attributes {
  readonly choices: readonly T[];
  /** What a choice is called; by default as its value is written. */
  readonly titleOf?: (choice: T) => string;
  readonly chosen: string | number;
  readonly onChoose: (choice: T) => void;
}

export function Select<T extends string | number>(props: Props<T>) {
  const { choices, titleOf = String, chosen, onChoose, ...attributes } = props;
  return (
    <select
      {...attributes}
      value={chosen}
      onChange={({ currentTarget: { selectedIndex } }) => onChoose(choices[selectedIndex])}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {titleOf(choice)}
        </option>
      ))}
    </select>
  );
}
