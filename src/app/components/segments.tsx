/** A choice of a few, side by side: radio buttons that look like one control. */

interface Props<T> {
  /** Tells its radio buttons from all others on the page. */
  readonly name: string;
  readonly choices: readonly T[];
  readonly titleOf: (choice: T) => string;
  readonly chosen: T;
  readonly onChoose: (choice: T) => void;
}

/** To be put into a fieldset of the class `segments`, or into an element of that class. */
export function Segments<T extends string | number>(props: Props<T>) {
  const { name, choices, titleOf, chosen, onChoose } = props;
  return (
    <>
      {choices.map((choice) => (
        <label key={choice}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={choice === chosen}
            onChange={() => onChoose(choice)}
          />
          <span>{titleOf(choice)}</span>
        </label>
      ))}
    </>
  );
}
