/** What a line chart shows: its axes and its series, whoever draws them. */
import type { Point } from './growing-line';

export interface Series {
  readonly label: string;
  readonly color: `--${string}`;
  readonly isDashed?: boolean;
  /** Its points are marked, on the line that joins them. */
  readonly hasPoints?: boolean;
  /** Its points are marked and no line joins them. */
  readonly isMark?: boolean;
  readonly points: readonly Point[];
}

export interface Axis {
  readonly title: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The least part of the axis that is always shown. */
  readonly suggested?: readonly [number, number];
  readonly isLogarithmic?: boolean;
  /** The values that have a tick; by default a few round ones. */
  readonly ticks?: readonly number[];
}

/** A thin line from top to bottom, with a word on what is there. */
export interface Mark {
  readonly x: number;
  readonly text: string;
}

export interface Drawing {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
  /** False where something else says what each line is. */
  readonly hasLegend?: boolean;
}
