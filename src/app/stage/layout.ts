/** Where everything of the picture stands, in pixels: the image, then a column of nodes for each layer. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

export interface Column {
  readonly x: number;
  /** Of a node; half the height of a map. */
  readonly radius: number;
  /** The units shown, from top to bottom. */
  readonly nodes: readonly Place[];
}

export interface Layout {
  /** The sample that comes in. */
  readonly image: Box;
  readonly columns: readonly Column[];
  /** The line under everything that says what a column is. */
  readonly captions: number;
}

/** Above everything, so that no node is cut. */
const TOP = 6;
/** For the line of captions, and right of the last column for the names of the classes, in sizes of the type. */
const BOTTOM = 1.7;
const RIGHT = 4.6;
/** For each letter of a name after the first. */
const LETTER = 0.55;
/** The image takes no more than this share of the width, of the height, and no more pixels. */
const MOST_IMAGE = { width: 0.26, height: 0.62, pixels: 220 };
/** From one node's centre to the next one's, at most. */
const MOST_PITCH = 46;
/** Share of the pitch that a node's radius has. */
const FILL = 0.42;
const RADIUS = { least: 1, most: 14 };
/** Maps are pictures: larger than nodes, where there is room. */
const MAP = { pitch: 60, most: 26 };

/**
 * The layout of a picture.
 *
 * @param size - of the picture and of its type, in pixels
 * @param input - rows and columns of a sample
 * @param shown - units shown of each layer, at least one layer
 * @param letters - of the longest name of a class, right of the last column
 * @param maps - whether the units shown of a layer stand for its maps; by default of none
 */
export function layoutOf(
  size: { readonly width: number; readonly height: number; readonly type: number },
  input: { readonly width: number; readonly height: number },
  shown: readonly number[],
  letters = 1,
  maps: readonly boolean[] = [],
): Layout {
  const height = Math.max(1, size.height - TOP - BOTTOM * size.type);
  const middle = TOP + height / 2;
  const room = Math.min(
    MOST_IMAGE.width * size.width,
    MOST_IMAGE.height * height,
    MOST_IMAGE.pixels,
  );
  const scale = room / Math.max(input.width, input.height);
  const image = {
    x: 1,
    y: middle - (scale * input.height) / 2,
    width: scale * input.width,
    height: scale * input.height,
  };
  const from = image.x + image.width;
  const step =
    Math.max(0, size.width - (RIGHT + LETTER * (letters - 1)) * size.type - from) / shown.length;
  const columns = shown.map((count, index): Column => {
    const isMap = maps[index] ?? false;
    const pitch = Math.min(isMap ? MAP.pitch : MOST_PITCH, height / count);
    const most = Math.min(isMap ? MAP.most : RADIUS.most, step / 3);
    const radius = Math.max(RADIUS.least, Math.min(most, FILL * pitch));
    const x = from + (index + 1) * step;
    const first = middle - (pitch * (count - 1)) / 2;
    const nodes = Array.from({ length: count }, (_, node) => ({ x, y: first + node * pitch }));
    return { x, radius, nodes };
  });
  return { image, columns, captions: size.height - (BOTTOM * size.type) / 2 };
}

/** The middle of an input's pixel; the channels of an image lie over each other. */
export function pixelPlace(
  image: Box,
  input: { readonly width: number; readonly height: number },
  index: number,
): Place {
  const pixel = index % (input.width * input.height);
  return {
    x: image.x + (((pixel % input.width) + 0.5) * image.width) / input.width,
    y: image.y + ((Math.floor(pixel / input.width) + 0.5) * image.height) / input.height,
  };
}

/** A node by its column and its place in it, both from 0. */
export interface NodeName {
  readonly column: number;
  readonly node: number;
}

/** Beside a node it can still be meant: a finger is wider than a small node. */
const REACH = 12;

/** The node that a pointer means, the nearest one within reach. */
export function nodeAt({ columns }: Layout, { x, y }: Place): NodeName | undefined {
  let found: NodeName | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [column, { nodes, radius }] of columns.entries()) {
    for (const [node, place] of nodes.entries()) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance >= least || distance > radius + REACH) continue;
      least = distance;
      found = { column, node };
    }
  }
  return found;
}

/**
 * The node that a key leads to: up and down within a layer, left and right to the node of the next layer
 * at about the same height, Home and End to the ends of the layer.
 *
 * @param from - the first node where there is none yet
 * @returns undefined for any other key
 */
export function nodeByKey(
  { columns }: Layout,
  from: NodeName | undefined,
  key: string,
): NodeName | undefined {
  const here = from ?? { column: 0, node: 0 };
  const last = columns[here.column].nodes.length - 1;
  const beside = (by: number): NodeName => {
    const column = Math.min(columns.length - 1, Math.max(0, here.column + by));
    if (column === here.column) return here;
    const ends = columns[column].nodes.length - 1;
    const share = last === 0 ? 0.5 : here.node / last;
    return { column, node: Math.round(share * ends) };
  };
  const along = (node: number): NodeName => ({
    column: here.column,
    node: Math.min(last, Math.max(0, node)),
  });
  const moves: Readonly<Record<string, () => NodeName>> = {
    ArrowUp: () => along(here.node - 1),
    ArrowDown: () => along(here.node + 1),
    ArrowLeft: () => beside(-1),
    ArrowRight: () => beside(1),
    Home: () => along(0),
    End: () => along(last),
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined) return undefined;
  return from === undefined ? here : move();
}
