/** The test set of one's own as the page has it: kept in the browser from one visit to the next. */
import { signal } from '@preact/signals';
import { NOTHING_KEPT, onOtherTab, recall, remember } from '../../../state/memory';
import { MOST_DRAWINGS, type OwnDrawing, parseDrawings, serializeDrawings } from './drawings';

const KEY = 'shaderprop.drawings';

export const ownDrawings = signal<readonly OwnDrawing[]>([]);
/** The class that somebody said last, an index into the data set's names; none where nobody has yet. */
export const ownLabel = signal<number | undefined>(undefined);
/** What went wrong with keeping or reading them, if anything. */
export const ownProblem = signal<string | undefined>(undefined);

let isFollowing = false;

/**
 * Reads what was kept, and from then on what other tabs make of it; what is not as it should be is named
 * and left alone until something is added.
 */
export function loadOwnDrawings(): void {
  if (!isFollowing) onOtherTab(KEY, readOwnDrawings);
  isFollowing = true;
  readOwnDrawings();
}

function readOwnDrawings(): void {
  const text = recall(KEY);
  if (text === null) return;
  const drawings = parseDrawings(text);
  if (drawings !== undefined) ownDrawings.value = drawings;
  else ownProblem.value = 'The drawings that this browser kept could not be read.';
}

export function addDrawing(drawing: OwnDrawing): void {
  readOwnDrawings();
  if (ownDrawings.value.length >= MOST_DRAWINGS) {
    ownProblem.value = `There is room for ${MOST_DRAWINGS} drawings. Delete one first.`;
    return;
  }
  keep([...ownDrawings.value, drawing]);
}

export function deleteDrawing(drawing: OwnDrawing): void {
  // Another tab may have added and deleted some since these were read.
  const text = serializeDrawings([drawing]);
  readOwnDrawings();
  const place = ownDrawings.value.findIndex((own) => serializeDrawings([own]) === text);
  keep(ownDrawings.value.filter((_, i) => i !== place));
}

/** @returns what brings them back */
export function deleteAllDrawings(): () => void {
  const drawings = ownDrawings.value;
  keep([]);
  return () => keep([...drawings, ...ownDrawings.value]);
}

function keep(drawings: readonly OwnDrawing[]): void {
  ownDrawings.value = drawings;
  ownProblem.value = remember(KEY, serializeDrawings(drawings))
    ? undefined
    : `${NOTHING_KEPT} The drawings are lost on reload.`;
}
