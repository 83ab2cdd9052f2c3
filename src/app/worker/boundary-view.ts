/** What a network of two inputs answers all over the plane, and what each hidden unit makes of it. */
import type { Moment } from '../state/moment';
import type { UnitName } from './stage-view';

/** The part of the plane that is looked at: all points, with some room around them. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** A hidden unit's activation over the plane. */
export interface UnitMap extends UnitName {
  /** (UNIT_SIDE × UNIT_SIDE), of the one that is looked at (side × side), row by row from the top left. */
  readonly values: Float32Array;
  /** Units of its layer. */
  readonly of: number;
}

export interface BoundaryView extends Moment {
  readonly extent: Extent;
  /** Cells along each axis; the middle of a cell is what the network is asked about. */
  readonly side: number;
  /** The class that is most probable in each cell, a position among the chosen ones; row by row from the top left. */
  readonly winners: Uint8Array;
  /** And its probability. */
  readonly strengths: Float32Array;
  readonly units: readonly UnitMap[];
  /** The unit that is looked at, in as many cells as the answer; none where none of those with a picture is. */
  readonly lookedAt: UnitMap | undefined;
}

export interface BoundaryQuestion {
  /** The unit that is looked at closely. */
  readonly unit: UnitName | undefined;
}

/** Samples in the plane, before scaling. */
export interface PlaneSamples {
  /** (count × 2), x and y of each. */
  readonly values: Float64Array;
  /** Positions among the chosen classes. */
  readonly labels: Uint8Array;
  /** So many there are; of more than `MOST_DRAWN` a few from all over. */
  readonly of: number;
}

export interface PlanePoints {
  readonly train: PlaneSamples;
  readonly test: PlaneSamples;
}

/** Cells along each axis, at most. */
export const MOST_SIDE = 96;
/** Training points, and test points: more would lie on each other. */
export const MOST_DRAWN = 2000;
/** Of a hidden unit's picture. */
export const UNIT_SIDE = 32;
/** Units of one layer that have a picture. */
export const UNITS_PICTURED = 24;
