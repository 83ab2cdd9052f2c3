/** A sample of the user's own, which flows through the stage for as long as whoever gives it is shown. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DatasetName } from '../../data/registry';

interface OwnSample {
  /** What it is meant to look like. */
  readonly dataset: DatasetName;
  /** As a sample of the data set, before scaling. */
  readonly pixels: Uint8Array;
}

export const ownSample = signal<OwnSample | undefined>(undefined);

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
