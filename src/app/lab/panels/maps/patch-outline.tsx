/** The frame around what the place that is looked at sees of a picture. */
import type { ReadonlySignal } from '@preact/signals';
import type { Patch } from '../../../../model/receptive-field';

/** What the place sees: of the sample at index 0, then of each layer up to its own; none while none is looked at. */
export type Patches = ReadonlySignal<readonly Patch[] | undefined>;

interface Props {
  readonly patches: Patches;
  /** The layer that the picture is of, 0 for the sample. */
  readonly level: number;
  /** The channel that the picture is of; all of them where it is left out. */
  readonly channel?: number;
  readonly rows: number;
  readonly columns: number;
}

export function PatchOutline({ patches, level, channel, rows, columns }: Props) {
  const patch = patches.value?.[level];
  if (patch === undefined) return null;
  const isSeen = channel === undefined || patch.channel === undefined || patch.channel === channel;
  if (!isSeen) return null;
  return (
    <span
      class="patch-outline"
      style={{
        '--top': patch.rows.first / rows,
        '--left': patch.columns.first / columns,
        '--high': (patch.rows.last - patch.rows.first + 1) / rows,
        '--wide': (patch.columns.last - patch.columns.first + 1) / columns,
      }}
    />
  );
}
