/** What a hint is: something seen in a run's numbers, why it is so, and a setting that may help. */
import type { Configuration } from '../../../training/configuration/fields';
import type { History } from '../../../training/history';

/** A change of settings, and what its button says after "Try". */
export interface Remedy {
  readonly label: string;
  readonly changes: Partial<Configuration>;
}

export interface Hint {
  readonly kind:
    | 'plateau'
    | 'divergence'
    | 'overfitting'
    | 'dead-relu'
    | 'stopped-on-plateau'
    | 'settled';
  readonly title: string;
  /** The numbers that show it. */
  readonly evidence: string;
  /** Why it is so. */
  readonly why: string;
  /** Left out where no setting is left to try. */
  readonly remedy?: Remedy;
}

/** A run as the hints see it. */
export interface Observed {
  readonly configuration: Configuration;
  readonly history: History;
}

/** The loss of guessing among the classes with equal probabilities: ln K. */
export function guessingLoss({ classes }: Configuration): number {
  return Math.log(classes.length);
}
