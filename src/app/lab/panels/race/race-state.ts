/** The race and the sweep as they stand. They go on, and are kept, while another panel is shown. */
import { signal } from '@preact/signals';
import type { PlanOptions } from '../../../../gpu/plan/choices';
import type { Configuration } from '../../../../training/configuration/fields';
import { messageOf } from '../../../../training/errors';
import type { Run } from '../../../state/run';
import type { Store } from '../../../state/store';
import type { Connection } from '../../../worker/connection';
import type { RaceLength, RaceProgress } from '../../../worker/race';
import { connectRaceWorker, passOnFile } from '../../../worker/race-client';
import type { RaceResult, RaceService } from '../../../worker/race-service';
import type { SweepName, SweepProgress } from '../../../worker/race-sweep';

type Activity = 'race' | 'sweep';

/** What is being measured; one thing at a time, or each would disturb the other. */
export const activity = signal<Activity | undefined>(undefined);
export const raceProgress = signal<RaceProgress | RaceResult | undefined>(undefined);
export const sweepProgress = signal<SweepProgress | undefined>(undefined);
/** Why the last one came to no end, a race or a sweep, in words. */
export const broken = signal<Partial<Record<Activity, string>>>({});
/** The run that a race or a sweep has paused, for it to have the machine to itself. */
export const pausedRun = signal<Run | undefined>(undefined);
let connection: Connection<RaceService> | undefined;

/** Pauses the run under way: training beside a measurement would take its time. */
export async function pauseRun(store: Store): Promise<void> {
  const run = store.run.value;
  if (run?.isBusy === true) pausedRun.value = run;
  await store.pause();
}

export function startRace(
  { service: training }: Pick<Store, 'service'>,
  configuration: Configuration,
  length: RaceLength,
  planOptions: PlanOptions,
): Promise<void> {
  raceProgress.value = { phase: 'opening', length, epochs: 1, lanes: [] };
  return measure('race', async (service) => {
    await passOnFile(configuration, training, service);
    raceProgress.value = await service.race(configuration, length, planOptions, (progress) => {
      if (activity.peek() === 'race') raceProgress.value = progress;
    });
  });
}

export function startSweep(sizes: SweepName): Promise<void> {
  sweepProgress.value = undefined;
  return measure('sweep', async (service) => {
    sweepProgress.value = await service.sweep(sizes, (progress) => {
      if (activity.peek() === 'sweep') sweepProgress.value = progress;
    });
  });
}

/** Ends whatever is being measured, at once; what it gave so far stays. */
export function cancel(): void {
  if (activity.value === undefined) return;
  broken.value = { [activity.value]: 'Cancelled. What was measured so far stays.' };
  connection?.end();
  connection = undefined;
  activity.value = undefined;
}

async function measure(
  what: Activity,
  action: (service: RaceService) => Promise<void>,
): Promise<void> {
  if (activity.value !== undefined) return;
  activity.value = what;
  broken.value = {};
  const opened = connectRaceWorker();
  connection = opened;
  try {
    await action(opened.service);
  } catch (error) {
    broken.value = { [what]: messageOf(error) };
  } finally {
    opened.end();
    // A cancelled measurement never comes here; another may have begun since.
    if (connection === opened) {
      connection = undefined;
      activity.value = undefined;
    }
  }
}
