/** The tools of the pad, wherever it is: what takes a stroke back, and what empties it. */
import type { ComponentChildren } from 'preact';
import type { Sheet } from '../../../../data/bitmap';
import type { DatasetName } from '../../../../data/registry';
import { Button } from '../../../components/button';
import { beginStroke, drawing, emptyBitmap, strokes, undoStroke } from './pen';

interface Props {
  readonly dataset: DatasetName;
  readonly sheet: Sheet;
  readonly isEmpty: boolean;
  /** Further tools, before these. */
  readonly children?: ComponentChildren;
}

export function PadTools({ dataset, sheet, isEmpty, children }: Props) {
  return (
    <div class="draw-tools">
      {children}
      <Button
        title="Take the last stroke back"
        isDisabled={strokes.value.length === 0}
        onPress={undoStroke}
      >
        Undo
      </Button>
      <Button
        isDisabled={isEmpty}
        onPress={() => {
          beginStroke();
          drawing.value = { dataset, bitmap: emptyBitmap(sheet) };
        }}
      >
        Clear
      </Button>
    </div>
  );
}
