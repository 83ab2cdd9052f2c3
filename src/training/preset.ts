/** A configuration with a name: what is asked, what to change, and what was measured. */
import type { Configuration } from './configuration/fields';

export interface Preset {
  /** Unique, as the command line takes it: `challenge-4-relu`. */
  readonly name: string;
  /** Where it belongs, and in a few words what it changes. */
  readonly challenge: string;
  /** What the notebook asks. */
  readonly question: string;
  /** What differs from the defaults. */
  readonly configuration: Partial<Configuration>;
  /** What was found, with numbers measured in float64. */
  readonly finding: string;
}
