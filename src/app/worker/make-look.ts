/** Answers a look at a run: the parameters are read back once, and a sample goes through them once. */
import { layersOf, multiplyAddsOf } from '../../model/network-spec';
import type { Prepared } from '../../training/prepare';
import type { Look, LookQuestion } from './look';
import { stageViewOf, tenOf } from './make-stage-view';
import { passOf } from './pass';
import type { RunHost } from './run-host';

/**
 * Products of a weight and a value up to which the stage's ten samples go through the reference's loops, which
 * then take a few milliseconds. In larger networks the run's backend answers for them, in its precision.
 */
const MOST_PRODUCTS = 2e6;

/**
 * A look at a run as it is.
 *
 * @param prepared - of the run
 * @throws RangeError where the sample's features are not as many as the network's inputs, or there is no
 *   plane for a boundary
 */
export async function lookOf(
  prepared: Prepared,
  host: Pick<RunHost, 'snapshot'>,
  { sample, stage, maps, boundary }: LookQuestion,
): Promise<Look> {
  // First, as training goes on between two awaits, which would count as computing.
  const [makeMaps, makeBoundary] = await Promise.all([
    maps && import('./make-feature-maps'),
    boundary && import('./make-boundary'),
  ]);
  const isLarge = prepared.sampleIndices.length * productsOf(prepared) > MOST_PRODUCTS;
  const { milliseconds, answers, ...snapshot } = await host.snapshot(
    stage && isLarge ? tenOf(prepared) : undefined,
  );
  const began = performance.now();
  const pass = (stage ?? maps) && passOf(prepared, snapshot, sample);
  return {
    stage: stage && pass && stageViewOf(prepared, pass, stage, answers),
    maps: maps && pass && makeMaps?.featureMapsOf(prepared, pass, maps),
    boundary: boundary && makeBoundary?.boundaryOf(prepared, snapshot, boundary.unit),
    milliseconds: milliseconds + performance.now() - began,
  };
}

/** Of one sample. */
function productsOf({ problem: { spec } }: Prepared): number {
  return layersOf(spec).reduce((sum, place) => sum + multiplyAddsOf(place), 0);
}
