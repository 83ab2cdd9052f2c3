/** A sample of the user's own, which flows through the stage for as long as whoever gives it is shown. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DatasetName } from '../../data/registry';
import type { Moment } from '../state/moment';

interface OwnSample {
  /** What it is meant to look like. */
  readonly dataset: DatasetName;
  /** As a sample of the data set, before scaling. */
  readonly pixels: Uint8Array;
}

export const ownSample = signal<OwnSample | undefined>(undefined);

/** What the stage says of such a sample. */
interface OwnAnswer extends Moment {
  readonly pixels: Uint8Array;
  /** Index of the class. */
  readonly predicted: number;
  /** Of every class. */
  readonly probabilities: Float64Array;
}

/** None while nobody sees the stage, or another sample flows through it. */
export const ownAnswer = signal<OwnAnswer | undefined>(undefined);

/** What the stage says of these pixels, so that no two answers to one drawing stand beside each other. */
export function ownAnswerTo(pixels: Uint8Array): OwnAnswer | undefined {
  const answer = ownAnswer.value;
  const isTo = answer?.pixels.every((value, index) => value === pixels[index]);
  return isTo && answer?.pixels.length === pixels.length ? answer : undefined;
}

/** Gives a sample; none where there is nothing to give. */
export function FlowsThrough({ dataset, pixels }: Partial<OwnSample>) {
  useEffect(() => {
    ownSample.value =
      dataset === undefined || pixels === undefined ? undefined : { dataset, pixels };
  }, [dataset, pixels]);
  useEffect(
    () => () => {
      ownSample.value = undefined;
    },
    [],
  );
  return null;
}
