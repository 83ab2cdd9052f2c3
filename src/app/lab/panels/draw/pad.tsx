/** The pad: pixels for pen and finger, and a grid of blocks for the arrow keys. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Sheet } from '../../../../data/bitmap';
import { useStore } from '../../../state/store-context';
import {
  type Block,
  beginStroke,
  type Ink,
  isBlockInked,
  type Place,
  undoStroke,
  withBlock,
  withStroke,
} from './pen';

const MOVES: Readonly<Record<string, Block>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

interface Props {
  readonly sheet: Sheet;
  readonly bitmap: Uint8Array;
  readonly ink: Ink;
  readonly onDraw: (bitmap: Uint8Array) => void;
}

export function Pad({ sheet, bitmap, ink, onDraw }: Props) {
  const store = useStore();
  const ref = useRef<HTMLCanvasElement>(null);
  /** The pointer that draws, and where it was last; a second finger or a resting hand does not draw. */
  const pen = useRef<{ readonly id: number; readonly last: Place } | undefined>(undefined);
  const block = useSignal<Block>({ row: 0, column: Math.floor((sheet.input.width - 1) / 2) });
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(sheet.width, sheet.height);
    for (let i = 0; i < bitmap.length; i++) image.data[4 * i + 3] = 255 * bitmap[i];
    context.putImageData(image, 0, 0);
  }, [bitmap, sheet.width, sheet.height]);

  const drawTo = (event: PointerEvent) => {
    if (pen.current?.id !== event.pointerId) return;
    // Fast strokes have several places in one event.
    const events = event.getCoalescedEvents?.() ?? [];
    let drawn = bitmap;
    for (const each of events.length === 0 ? [event] : events) {
      const place = placeOf(sheet, each, event.currentTarget);
      drawn = withStroke(sheet, drawn, pen.current.last, place, isEraser(event) ? 0 : ink);
      pen.current = { id: event.pointerId, last: place };
    }
    onDraw(drawn);
  };
  const lift = ({ pointerId }: PointerEvent) => {
    if (pen.current?.id === pointerId) pen.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
      event.preventDefault();
      undoStroke();
      return;
    }
    const isFilling = event.key === ' ' || event.key === 'Enter';
    const move = isFilling ? { row: 0, column: 0 } : MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const here = {
      row: clamp(block.value.row + move.row, sheet.input.height),
      column: clamp(block.value.column + move.column, sheet.input.width),
    };
    block.value = here;
    const wasInked = isBlockInked(sheet, bitmap, here);
    const isInked = isFilling ? !wasInked : event.shiftKey ? ink === 1 : wasInked;
    if (isFilling || event.shiftKey) {
      beginStroke();
      onDraw(withBlock(sheet, bitmap, here, isInked ? 1 : 0));
    }
    store.announcer.say(describe(here, isInked));
  };
  return (
    <>
      <div
        class="pad"
        style={{ '--rows': sheet.input.height, '--columns': sheet.input.width }}
        role="application"
        aria-label="Drawing pad"
        aria-describedby="pad-help"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys draw here
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0 && !isEraser(event)) return;
          if (pen.current !== undefined) return;
          const { currentTarget, pointerId: id } = event;
          currentTarget.setPointerCapture(id);
          pen.current = { id, last: placeOf(sheet, event, currentTarget) };
          beginStroke();
          drawTo(event);
        }}
        onPointerMove={drawTo}
        onPointerUp={lift}
        onPointerCancel={lift}
      >
        <canvas ref={ref} width={sheet.width} height={sheet.height} />
        <span
          class="pad-cursor"
          style={{ '--row': block.value.row, '--column': block.value.column }}
        />
      </div>
      <p id="pad-help" class="field-help">
        Draw with pen, finger or mouse. With the keyboard: arrow keys move, space fills or clears a
        block, Shift and arrow keys draw, Ctrl and Z take a stroke back.
      </p>
    </>
  );
}

/** The end of a pen that erases. */
function isEraser({ buttons }: PointerEvent): boolean {
  return (buttons & 32) !== 0;
}

function placeOf(
  sheet: Sheet,
  { clientX, clientY }: PointerEvent,
  element: EventTarget | null,
): Place {
  if (!(element instanceof Element)) return { x: 0, y: 0 };
  const box = element.getBoundingClientRect();
  return {
    x: ((clientX - box.left) / box.width) * sheet.width,
    y: ((clientY - box.top) / box.height) * sheet.height,
  };
}

function clamp(block: number, blocks: number): number {
  return Math.min(blocks - 1, Math.max(0, block));
}

function describe({ row, column }: Block, isInked: boolean): string {
  return `Row ${row + 1}, column ${column + 1}, ${isInked ? 'inked' : 'empty'}.`;
}
