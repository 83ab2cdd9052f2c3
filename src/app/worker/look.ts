/**
 * A look at a run: what the page shows of it as it is, asked for in one question and answered from one
 * readback of its parameters, so that all that stands beside each other is of the same step.
 */
import type { BoundaryQuestion, BoundaryView } from './boundary-view';
import type { FeatureMaps, MapsQuestion } from './feature-maps';
import type { StageQuestion, StageView } from './stage-view';

/** What each of those who look asks. */
export interface LookQuestions {
  readonly stage: StageQuestion;
  readonly maps: MapsQuestion;
  /** Of a network of two inputs only. */
  readonly boundary: BoundaryQuestion;
}

export interface LookQuestion extends Partial<LookQuestions> {
  /**
   * The sample that flows through stage and maps: its index in the test set, or its scaled features; by
   * default the first of the ten.
   */
  readonly sample: number | Float64Array | undefined;
}

/** An answer to each question that was asked. */
export interface Look {
  readonly stage: StageView | undefined;
  readonly maps: FeatureMaps | undefined;
  readonly boundary: BoundaryView | undefined;
  /** What computing it took, in milliseconds; the run was not served meanwhile. */
  readonly milliseconds: number;
}
