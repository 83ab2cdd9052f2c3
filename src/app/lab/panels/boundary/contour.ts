/** The lines where cells of a picture turn from one kind to another, smooth between the middles of the cells. */

/** Both ends of a line, in shares of the picture from its top left: x and y of the one, x and y of the other. */
export type Line = readonly [number, number, number, number];

interface Cells {
  /** Cells along each axis; the lists are row by row from the top left. */
  readonly side: number;
  readonly kinds: ArrayLike<number>;
  /** How far a cell is from being of another kind, 0 on the line itself. */
  readonly margins: ArrayLike<number>;
}

/** Rows down and columns right, all the way around a square whose corners are the middles of four cells. */
const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
] as const;

/**
 * Marching squares over the middles of the cells, for any number of kinds: a square that a line enters and
 * leaves has it straight across, and three or more lines meet in the middle of where they come in. The rim
 * of the picture has the cells that lie along it.
 */
export function linesBetween({ side, kinds, margins }: Cells): readonly Line[] {
  const lines: Line[] = [];
  const within = (index: number) => Math.min(side - 1, Math.max(0, index));
  const placeOf = (index: number) => Math.min(1, Math.max(0, (index + 0.5) / side));
  for (let row = -1; row < side; row++) {
    for (let column = -1; column < side; column++) {
      const cellOf = ([down, right]: (typeof CORNERS)[number]) =>
        within(row + down) * side + within(column + right);
      const kind = kinds[cellOf(CORNERS[0])];
      // Most squares have one kind alone.
      if (CORNERS.every((corner) => kinds[cellOf(corner)] === kind)) continue;
      const square = CORNERS.map((corner) => ({
        cell: cellOf(corner),
        x: placeOf(column + corner[1]),
        y: placeOf(row + corner[0]),
      }));
      const crossings = square.flatMap((from, corner) => {
        const to = square[(corner + 1) % square.length];
        if (kinds[from.cell] === kinds[to.cell]) return [];
        const both = margins[from.cell] + margins[to.cell];
        const share = both > 0 ? margins[from.cell] / both : 0.5;
        return [{ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }];
      });
      if (crossings.length === 2) {
        const [from, to] = crossings;
        lines.push([from.x, from.y, to.x, to.y]);
      } else if (crossings.length > 2) {
        const meanOf = (axis: 'x' | 'y') =>
          crossings.reduce((sum, place) => sum + place[axis], 0) / crossings.length;
        for (const { x, y } of crossings) lines.push([x, y, meanOf('x'), meanOf('y')]);
      }
    }
  }
  return lines;
}
