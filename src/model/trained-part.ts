/** What training changes of a network whose first layers are frozen, and where it lies. */
import { layersOf, type NetworkSpec } from './network-spec';
import { type ParameterLayout, parameterLayout } from './parameter-layout';

/** The slices that training changes; their offsets count from the first value of them. */
export interface TrainedPart extends ParameterLayout {
  /** Where that value lies in the flat parameters: all before it are kept as they are. */
  readonly start: number;
  /**
   * Layers that nothing is propagated back to: the frozen ones, and those behind them that have no
   * parameters. No gradient and no delta of theirs is computed.
   */
  readonly layersBefore: number;
}

/**
 * The part of a network that training changes.
 *
 * @param freeze - the first so many layers are kept as they are; layers without parameters count, too
 * @throws RangeError where no layer with parameters is left
 */
export function trainedPart(spec: NetworkSpec, freeze: number): TrainedPart {
  const first = layersOf(spec).find(({ index, slices }) => index > freeze && slices.length > 0);
  if (first === undefined) throw new RangeError(`${freeze} frozen layers leave none to train`);
  const [{ offset: start }] = first.slices;
  const { slices, length } = parameterLayout(spec);
  return {
    start,
    layersBefore: first.index - 1,
    length: length - start,
    slices: slices
      .filter(({ offset }) => offset >= start)
      .map((slice) => ({ ...slice, offset: slice.offset - start })),
  };
}
