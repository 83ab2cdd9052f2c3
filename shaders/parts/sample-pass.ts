/**
 * A few samples through the whole network and back: forward pass, loss and every layer's delta in the
 * registers of one invocation. The first layer is a loop over the features; the later ones are small
 * and written out. Shared by the sample-parallel and the persistent schedule.
 */
import { wgsl } from 'wgsl-preprocessor';
import { LEAST_LOSS, MOST_LOSS } from '../../src/model/loss';
import { IS_NON_FINITE } from '../kernel';
import { activateAlone, derivative, functionsOf } from './activations';
import { dropoutScaleOf } from './dropout';
import { expLimited, log1p } from './exponential';
import { type Lanes, perLane, typesOf } from './lanes';
import { firstLayer } from './sample-first-layer';
import { hiddenDeltas, hiddenLayer } from './sample-hidden-layer';
import { outputLayer } from './sample-output-layer';
import { joined, range } from './text';
import { placeIn, type SampleNetworkShape, traceLayout } from './trace';

/** Multiply-adds that `samplePass` writes out: those of all layers behind the first, both ways. */
export function writtenOut(widths: readonly number[]): number {
  return widths.slice(2).reduce((sum, width, l) => sum + 2 * width * widths[l + 1], 0);
}

/**
 * `fn sample_pass(position)`: takes the samples at `position` (in units of the lanes) of the batch,
 * or behind the batch those of the test set. Needs `step`, `packed`, `trace`, `labels` and, with
 * gather, `permutation` in scope.
 *
 * @param quads - the four invocations of a quad call it together and share the loads of the first
 * layer's weights; needs the place in the quad as `lane`
 */
export function samplePass(shape: SampleNetworkShape, lanes: Lanes, quads = false): string {
  const { float, uint, count } = typesOf(lanes);
  const { widths, gather, output } = shape;
  const activations = [...new Set(shape.activations)];
  const usesSigmoid = output === 'sigmoid' || activations.includes('sigmoid');
  const trace = traceLayout(shape);
  const last = widths.length - 2;
  const perGroup = 4 / count;
  const hasDropout = shape.hasDropout && last > 0;
  const classes = widths[widths.length - 1];
  const offsets = lanes === 'f32' ? '0u' : 'vec4<u32>(0u, 1u, 2u, 3u)';
  return wgsl`
${usesSigmoid ? functionsOf(['sigmoid'], lanes) : expLimited(lanes)}
${activations.map((a) => activateAlone(a, lanes, `activate_${a}`)).join('\n')}
${activations.map((a) => derivative(a, lanes, `derivative_${a}`)).join('\n')}
${log1p(lanes)}
${IS_NON_FINITE}
${hasDropout ? dropoutScaleOf() : ''}

fn sample_pass(position: u32) {
  let is_test = position >= ${trace.batchGroups * perGroup}u;
  let place = select(position, position - ${trace.batchGroups * perGroup}u, is_test);
  let limit = select(step.rows, ${shape.testSamples}u, is_test);
  let rounded = (limit + 3u) / 4u * 4u;
  let is_idle = (place * ${count}u >= rounded) | (is_test & (step.previous == 0u));
#if ${!quads}
  if (is_idle) { return; }
#endif
  let row = place * ${count}u + ${offsets};
  let mask = select(${float}(0.0), ${float}(1.0), row < ${uint}(limit));
  // Padding takes the last sample's place; its delta and loss are masked away.
  let inside = min(row, ${uint}(limit - 1u));
#if ${gather}
  var source = inside + ${trace.trainGroups * 4}u;
  if (!is_test) {
    source = ${perLane(lanes, 'vec4<u32>', (lane) => `permutation[step.first_row + inside${lane}]`)};
  }
#else
  let column = place + select(0u, ${trace.trainGroups * perGroup}u, is_test);
  let source = inside + select(0u, ${trace.trainGroups * 4}u, is_test);
#endif
  let label = ${perLane(lanes, 'vec4<u32>', (lane) => `labels[source${lane}]`)};

  ${firstLayer(shape, lanes, quads)}
#if ${quads}
  if (is_idle) { return; } // not before: the invocations of a quad need each other
#endif
  ${joined(range(last).map((l) => hiddenLayer(shape, l, lanes)))}

  let broken = ${perLane(
    lanes,
    'vec4<bool>',
    // One | and not two, which are a branch: the compiler of one adapter walks every path of branches.
    (lane) =>
      `(${range(classes)
        .map((u) => `is_non_finite(z${last}_${u}${lane})`)
        .join(' | ')})`,
  )};
  ${outputLayer(shape, last, lanes)}
  let place_of_sums = select(place, place + ${trace.batchGroups * perGroup}u, is_test);
  trace[${placeIn(trace.losses, 0, 'place_of_sums', count)}] =
    mask * clamp(loss, ${float}(${LEAST_LOSS.toPrecision(9)}f), ${float}(${MOST_LOSS.toPrecision(9)}f));
  trace[${placeIn(trace.corrects, 0, 'place_of_sums', count)}] = mask
    * (select(${float}(0.0), ${float}(1.0), correct) + select(${float}(0.0), ${float}(2.0), broken)
      + ${float}(f32(4u * step.stamp)));
  if (is_test) { return; }

  ${joined(range(classes).map((u) => `let d${last}_${u} = mask * delta_${u}; trace[${placeIn(trace.deltas[last], u, 'place', count)}] = d${last}_${u};`))}
  ${joined([...range(last)].reverse().map((l) => hiddenDeltas(shape, l, lanes)))}
}`;
}
