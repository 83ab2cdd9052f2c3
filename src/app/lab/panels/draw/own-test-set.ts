/** The test set of one's own as the page has it: kept in the browser from one visit to the next. */
import { signal } from '@preact/signals';
import { recall, remember } from '../../../state/memory';
import { MOST_DRAWINGS, type OwnDrawing, parseDrawings, serializeDrawings } from './drawings';

const KEY = 'shaderprop.drawings';

export const ownDrawings = signal<readonly OwnDrawing[]>([]);
/** What went wrong with keeping or reading them, if anything. */
export const ownProblem = signal<string | undefined>(undefined);

/** Reads what was kept; what is not as it should be is named and left alone until something is added. */
export function loadOwnDrawings(): void {
  const text = recall(KEY);
  if (text === null) return;
  const drawings = parseDrawings(text);
  if (drawings !== undefined) ownDrawings.value = drawings;
  else ownProblem.value = 'The drawings that this browser kept could not be read.';
}

export function addDrawing(drawing: OwnDrawing): void {
  if (ownDrawings.value.length >= MOST_DRAWINGS) {
    ownProblem.value = `There is room for ${MOST_DRAWINGS} drawings. Delete one first.`;
    return;
  }
  keep([...ownDrawings.value, drawing]);
}

export function deleteDrawing(index: number): void {
  keep(ownDrawings.value.filter((_, i) => i !== index));
}

export function deleteAllDrawings(): void {
  keep([]);
}

function keep(drawings: readonly OwnDrawing[]): void {
  ownDrawings.value = drawings;
  ownProblem.value = remember(KEY, serializeDrawings(drawings))
    ? undefined
    : 'This browser keeps nothing for this page: the drawings are lost on reload.';
}
