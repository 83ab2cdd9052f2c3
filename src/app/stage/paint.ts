/** What the picture has on its canvas: the weights between the columns and the maps, on the diverging scale, and the sample. */
import { type Dataset, isPlane, pictureShape, shareOfRange, type Values } from '../../data/dataset';
import type { PlacedLayer } from '../../layers/layer';
import { colorOf } from '../components/theme';
import { activationLimit, divergingScale } from '../lab/panels/network/scale';
import type { StageLayer, UnitName } from '../worker/stage-view';
import { type Box, type Layout, type Place, pixelPlace } from './layout';

/** Weaker ones are not seen, and cost as much. */
const LEAST_SHARE = 0.04;

/**
 * Draws the weights, the weaker the fainter.
 *
 * @param context - of a canvas of the layout's size
 * @param looked - the unit whose weights stand out
 */
export function paintEdges(
  context: CanvasRenderingContext2D,
  { image, columns }: Layout,
  dataset: Dataset,
  layers: readonly StageLayer[],
  looked: UnitName | undefined,
): void {
  const shape = pictureShape(dataset);
  for (const [index, { edges, shown }] of layers.entries()) {
    const color = divergingScale(1);
    const isLookedAt = looked?.layer === index + 1;
    // Many lie over each other.
    const strength = Math.min(1, 3.5 / Math.sqrt(1 + edges.weights.length / 6));
    for (let edge = 0; edge < edges.weights.length; edge++) {
      const share = Math.abs(edges.weights[edge]) / edges.largest;
      const standsOut = isLookedAt && shown[edges.to[edge]] === looked.unit;
      if (share < LEAST_SHARE && !standsOut) continue;
      const from: Place =
        index === 0
          ? pixelPlace(image, shape, edges.from[edge])
          : columns[index - 1].nodes[edges.from[edge]];
      const to = columns[index].nodes[edges.to[edge]];
      context.globalAlpha = standsOut ? Math.max(0.35, share) : share * strength;
      context.lineWidth = standsOut ? 1 + 1.5 * share : 0.6 + 1.2 * share;
      context.strokeStyle = `rgb(${color(Math.sign(edges.weights[edge])).join(' ')})`;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/**
 * Draws the maps of the layers that have any, in the places of their nodes, on the diverging scale.
 *
 * @param places - the layers, one for each of `layers`
 */
export function paintMaps(
  context: CanvasRenderingContext2D,
  { columns }: Layout,
  places: readonly PlacedLayer[],
  layers: readonly StageLayer[],
): void {
  const sheet = document.createElement('canvas').getContext('2d');
  if (sheet === null) return;
  context.imageSmoothingEnabled = false;
  for (const [index, { maps, activations }] of layers.entries()) {
    if (maps === undefined) continue;
    const [, height, width] = places[index].output;
    const size = height * width;
    const color = divergingScale(activationLimit(places[index], activations));
    const image = new ImageData(width, height);
    sheet.canvas.width = width;
    sheet.canvas.height = height;
    for (const [map, node] of columns[index].nodes.entries()) {
      for (let i = 0; i < size; i++) image.data.set([...color(maps[map * size + i]), 255], 4 * i);
      sheet.putImageData(image, 0, 0);
      const {
        x,
        y,
        width: wide,
        height: high,
      } = mapBox(node, columns[index].radius, places[index]);
      context.drawImage(sheet.canvas, x, y, wide, high);
    }
  }
}

/** Where a map is drawn, in its own shape. */
export function mapBox({ x, y }: Place, radius: number, { output }: PlacedLayer): Box {
  const [, rows, columns] = output;
  const [height, width] = [rows, columns].map(
    (side) => (2 * radius * side) / Math.max(rows, columns),
  );
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * Draws the sample as a SampleImage does: ink of varying density on paper. None is paper alone.
 *
 * @param pixels - before scaling; channel by channel, row-major
 */
export function paintSample(
  context: CanvasRenderingContext2D,
  { image }: Layout,
  dataset: Dataset,
  pixels: Values | undefined,
): void {
  const shape = pictureShape(dataset);
  context.fillStyle = colorOf('--diverge-zero');
  context.fillRect(image.x, image.y, image.width, image.height);
  context.fillStyle = colorOf('--ink');
  const places = shape.width * shape.height;
  const [width, height] = [image.width / shape.width, image.height / shape.height];
  // Two features have their numbers written there.
  const isPainted = pixels !== undefined && !isPlane(dataset);
  for (let place = 0; isPainted && place < places; place++) {
    let density = 0;
    for (let i = place; i < pixels.length; i += places) {
      density += shareOfRange(dataset, i, pixels[i]) / shape.channels;
    }
    context.globalAlpha = density;
    const { x, y } = pixelPlace(image, shape, place);
    // Whole pixels, or lines would be seen between them.
    const [left, right, top, bottom] = [
      x - width / 2,
      x + width / 2,
      y - height / 2,
      y + height / 2,
    ].map(Math.round);
    context.fillRect(left, top, right - left, bottom - top);
  }
  context.globalAlpha = 1;
  context.strokeStyle = colorOf('--rule');
  context.lineWidth = 1;
  context.strokeRect(image.x, image.y, image.width, image.height);
}
