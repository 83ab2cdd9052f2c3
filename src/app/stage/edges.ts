/** Draws the weights between the columns, on the diverging scale: the weaker, the fainter. */
import { divergingScale } from '../lab/panels/network/scale';
import type { StageLayer, UnitName } from '../worker/stage-view';
import { type Layout, type Place, pixelPlace } from './layout';

/** Weaker ones are not seen, and cost as much. */
const LEAST_SHARE = 0.04;

/**
 * @param context - of a canvas of the layout's size
 * @param looked - the unit whose weights stand out
 */
export function drawEdges(
  context: CanvasRenderingContext2D,
  { image, columns }: Layout,
  input: { readonly width: number; readonly height: number },
  layers: readonly StageLayer[],
  looked: UnitName | undefined,
): void {
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
          ? pixelPlace(image, input, edges.from[edge])
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
