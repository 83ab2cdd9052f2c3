/** The pad: 32×32 pixels for pen and finger, and an 8×8 grid of blocks for the arrow keys. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { BITMAP_SIDE, BLOCK_SIDE } from '../../../../data/bitmap';
import { useStore } from '../../../state/store-context';
import { type Ink, isBlockInked, type Place, withBlock, withStroke } from './pen';

const BLOCKS = BITMAP_SIDE / BLOCK_SIDE;

/** A block, rows and columns from 0. */
interface Block {
  readonly row: number;
  readonly column: number;
}

const MOVES: Readonly<Record<string, Block>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

interface Props {
  readonly bitmap: Uint8Array;
  readonly ink: Ink;
  readonly onDraw: (bitmap: Uint8Array) => void;
}

export function Pad({ bitmap, ink, onDraw }: Props) {
  const store = useStore();
  const ref = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place | undefined>(undefined);
  const block = useSignal<Block>({ row: 0, column: 3 });
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(BITMAP_SIDE, BITMAP_SIDE);
    for (let i = 0; i < bitmap.length; i++) image.data[4 * i + 3] = 255 * bitmap[i];
    context.putImageData(image, 0, 0);
  }, [bitmap]);

  const drawTo = (event: PointerEvent) => {
    if (last.current === undefined) return;
    // Fast strokes have several places in one event.
    const events = event.getCoalescedEvents?.() ?? [];
    let drawn = bitmap;
    for (const each of events.length === 0 ? [event] : events) {
      const place = placeOf(each, event.currentTarget);
      drawn = withStroke(drawn, last.current, place, isEraser(event) ? 0 : ink);
      last.current = place;
    }
    onDraw(drawn);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = block.value;
    const move = MOVES[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const next = { row: clamp(row + move.row), column: clamp(column + move.column) };
      block.value = next;
      if (event.shiftKey) onDraw(withBlock(bitmap, next.row, next.column, ink));
      const isInked = event.shiftKey ? ink === 1 : isBlockInked(bitmap, next.row, next.column);
      store.announcement.value = describe(next, isInked);
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      const isInked = !isBlockInked(bitmap, row, column);
      onDraw(withBlock(bitmap, row, column, isInked ? 1 : 0));
      store.announcement.value = describe(block.value, isInked);
    }
  };
  return (
    <>
      <div
        class="pad"
        role="application"
        aria-label="Drawing pad"
        aria-describedby="pad-help"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys draw here
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0 && !isEraser(event)) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = placeOf(event, event.currentTarget);
          drawTo(event);
        }}
        onPointerMove={drawTo}
        onPointerUp={() => {
          last.current = undefined;
        }}
        onPointerCancel={() => {
          last.current = undefined;
        }}
      >
        <canvas ref={ref} width={BITMAP_SIDE} height={BITMAP_SIDE} />
        <span
          class="pad-cursor"
          style={{ '--row': block.value.row, '--column': block.value.column }}
        />
      </div>
      <p id="pad-help" class="field-help">
        Draw with pen, finger or mouse. With the keyboard: arrow keys move, space fills or clears a
        block, Shift and arrow keys draw.
      </p>
    </>
  );
}

/** The end of a pen that erases. */
function isEraser({ buttons }: PointerEvent): boolean {
  return (buttons & 32) !== 0;
}

function placeOf({ clientX, clientY }: PointerEvent, element: EventTarget | null): Place {
  if (!(element instanceof Element)) return { x: 0, y: 0 };
  const box = element.getBoundingClientRect();
  return {
    x: ((clientX - box.left) / box.width) * BITMAP_SIDE,
    y: ((clientY - box.top) / box.height) * BITMAP_SIDE,
  };
}

function clamp(block: number): number {
  return Math.min(BLOCKS - 1, Math.max(0, block));
}

function describe({ row, column }: Block, isInked: boolean): string {
  return `Row ${row + 1}, column ${column + 1}, ${isInked ? 'inked' : 'empty'}.`;
}
