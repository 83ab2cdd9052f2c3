/** Which test sample the panels look at: chosen by its number, by arrow keys or by its neighbours. */
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Button } from '../../../components/button';
import { integer } from '../../../state/format';

/** Index into the test set, the same in every panel and on the stage; undefined until somebody chooses. */
export const chosenSample = signal<number | undefined>(undefined);

/** The chosen sample of a test set of `count` samples; by default `first`. */
export function chosenSampleOf(count: number, first = 0): number {
  return Math.min(chosenSample.value ?? first, count - 1);
}

export function chooseSample(sample: number): void {
  chosenSample.value = sample;
}

interface Props {
  /** Samples of the test set. */
  readonly count: number;
  /** The one that is shown until somebody chooses; by default the first. */
  readonly first?: number | undefined;
}

export function SampleChoice({ count, first }: Props) {
  const sample = chosenSampleOf(count, first);
  // What is typed need not be a number of a sample yet.
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const take = (text: string) => {
    const isSample = /^\d+$/.test(text) && Number(text) < count;
    setDraft(isSample ? undefined : text);
    if (isSample) chooseSample(Number(text));
  };
  const isWrong = draft !== undefined && draft !== '';
  return (
    <div class="sample-choice">
      <label class="field">
        <span class="field-label">Test sample</span>
        <input
          type="number"
          min={0}
          max={count - 1}
          value={draft ?? sample}
          aria-invalid={isWrong}
          aria-describedby="sample-choice-help"
          onInput={(event) => take(event.currentTarget.value)}
          onBlur={() => setDraft(undefined)}
        />
      </label>
      <Button onPress={() => chooseSample((sample + count - 1) % count)}>Previous</Button>
      <Button onPress={() => chooseSample((sample + 1) % count)}>Next</Button>
      <span id="sample-choice-help" class={isWrong ? 'field-problem' : 'field-help'}>
        {isWrong ? 'There is no such sample: enter an' : 'An'} integer from 0 to{' '}
        {integer(count - 1)}.
      </span>
    </div>
  );
}
