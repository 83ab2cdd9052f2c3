/** What a click in the plane adds, and how that is taken back. */
import { Button } from '../../../components/button';
import { Segments } from '../../../components/segments';
import { Select } from '../../../components/select';
import { count } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import { MOST_POINTS, pointsOf, removeLastPoint, removePoints } from './added';

interface Props {
  readonly classNames: readonly string[];
  /** A position among them. */
  readonly chosen: number;
  readonly onChoose: (position: number) => void;
  /** Adds a point at the place that is asked about. */
  readonly onAdd: () => void;
}

/** More classes than these unfold as a list, and so do those whose names have more letters together. */
const MOST_SEGMENTS = 4;
const MOST_LETTERS = 32;

export function AddPoints({ classNames, chosen, onChoose, onAdd }: Props) {
  const store = useStore();
  const points = pointsOf(store.settings.configuration.value).length;
  const run = store.run.value;
  const isWaiting =
    run !== undefined && run.configuration.points !== store.settings.configuration.value.points;
  const positions = [...classNames.keys()];
  const choice = {
    choices: positions,
    titleOf: (k: number) => classNames[k],
    ...{ chosen, onChoose },
  };
  const areDigits = classNames.every((name) => /^\d$/.test(name));
  return (
    <fieldset class="add-points">
      <legend>A click adds a training point of class</legend>
      <div class="add-points-row">
        {classNames.length > MOST_SEGMENTS || classNames.join('').length > MOST_LETTERS ? (
          <Select {...choice} aria-label="Class of the point" />
        ) : (
          <div class="segments">
            <Segments {...choice} name="added-class" />
          </div>
        )}
        <Button isDisabled={points >= MOST_POINTS} onPress={onAdd}>
          Add here
        </Button>
        <Button isDisabled={points === 0} onPress={() => removeLastPoint(store)}>
          Undo
        </Button>
        <Button isDisabled={points === 0} onPress={() => removePoints(store)}>
          Clear
        </Button>
      </div>
      <p class={points === 0 ? 'source' : 'visually-hidden'} id="plane-keys">
        By keyboard: arrow keys move the place, Enter adds a point,{' '}
        {areDigits ? 'a class’s digit' : '1 to 9'} one of that class, Backspace takes the last back.
      </p>
      {points > 0 && (
        <div class="add-points-row">
          <span>
            {count(points, 'point')} added
            {isWaiting && '; the run does not have them yet'}
          </span>
          {isWaiting && store.isChanged.value && (
            <Button onPress={() => store.applyAndRestart()}>Restart with them</Button>
          )}
        </div>
      )}
    </fieldset>
  );
}
