/** What the picture has on its canvas: the weights between the columns, on the diverging scale, and the sample. */
import { type Dataset, isPlane, pictureShape, shareOfRange, type Values } from '../../data/dataset';
import { colorOf } from '../components/theme';
import { divergingScale } from '../lab/panels/network/scale';
import type { StageLayer, UnitName } from '../worker/stage-view';
import { type Layout, type Place, pixelPlace } from './layout';

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
