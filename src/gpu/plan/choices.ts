/** What a person may choose of WebGPU: words only, so that whoever lists them loads no kernel. */

export const SCHEDULE_KINDS = ['layered', 'sample-parallel', 'persistent'] as const;
/** A way to lay a network out as a plan. (The learning-rate schedule is another thing.) */
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** `auto`: every schedule is a candidate. */
export const SCHEDULE_CHOICES = ['auto', ...SCHEDULE_KINDS] as const;
export type ScheduleChoice = (typeof SCHEDULE_CHOICES)[number];

/** `off`: the fixed table. `on`: what was measured on this adapter, measured now if it never was. `force`: measured now. */
export const TUNING_MODES = ['off', 'on', 'force'] as const;
export type TuningMode = (typeof TUNING_MODES)[number];

/** How WebGPU lays a network out; the other backends take no notice. */
export interface PlanOptions {
  readonly schedule: ScheduleChoice;
  readonly tuning: TuningMode;
  /** Seconds that measuring may take; by default about five. */
  readonly tuningSeconds?: number;
}
