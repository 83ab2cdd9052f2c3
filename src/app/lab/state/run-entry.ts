/** A run as the charts show it. */
import type { Signal } from '@preact/signals';
import type { BackendInfo } from '../../../training/backend';
import type { Configuration } from '../../../training/configuration/fields';
import type { Run } from '../../state/run';
import type { RunHistory } from '../../state/run-history';

/** Colours of all runs but the selected one, which has the series' own two. */
export const COLORS = ['--run-1', '--run-2', '--run-3', '--run-4', '--run-5', '--run-6'] as const;

export interface RunEntry {
  readonly id: number;
  /** Names it in every tab, and in the browser's memory. */
  readonly key: string;
  readonly configuration: Configuration;
  readonly info: Pick<BackendInfo, 'name' | 'adapter' | 'precision'>;
  readonly history: RunHistory;
  /** Where it is the present run of its backend. */
  readonly run: Run | undefined;
  /** How it stood when another run took its place, where that is still there. */
  readonly saved?: Run['saved'];
  readonly color: (typeof COLORS)[number];
  /** A name that the user gave; empty for the automatic one. */
  readonly name: Signal<string>;
  readonly isPinned: Signal<boolean>;
  readonly isHidden: Signal<boolean>;
}
