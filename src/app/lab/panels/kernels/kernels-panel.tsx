/** The plan of this network, and for each of its steps the WGSL, the formula, NumPy and the reference. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { SCHEDULE_KINDS, type ScheduleKind } from '../../../../gpu/choices';
import { planBy } from '../../../../gpu/schedule';
import { messageOf } from '../../../../training/errors';
import { Button } from '../../../components/button';
import { Staged } from '../../../components/staged';
import { count, integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import { findObstacle } from '../../../worker/find-obstacle';
import type { Lesson } from '../../../worker/lesson';
import { connectRaceWorker } from '../../../worker/race-client';
import type { KernelTimes } from '../../../worker/race-service';
import { PlanDrawing } from './plan-drawing';
import { partsOf } from './plan-parts';
import { PlanTable } from './plan-table';
import { StepDetail } from './step-detail';
import './kernels.css';

export function KernelsPanel() {
  const lesson = useStore().lesson.value;
  if (lesson === undefined) return <p class="source">Loading the network…</p>;
  return <Plans lesson={lesson} />;
}

/** Times of a schedule's kernels, for the lesson that they were measured with. */
interface Measured {
  readonly lesson: Lesson;
  readonly schedule: ScheduleKind;
  readonly times: KernelTimes;
}

function Plans({ lesson }: { readonly lesson: Lesson }) {
  const store = useStore();
  const used = store.runs.value.webgpu?.info.plan?.schedule;
  const chosen = useSignal<ScheduleKind | undefined>(undefined);
  const schedule = chosen.value ?? SCHEDULE_KINDS.find((kind) => kind === used) ?? 'layered';
  const measured = useSignal<Measured | undefined>(undefined);
  const isMeasuring = useSignal(false);
  const times =
    measured.value?.lesson === lesson && measured.value.schedule === schedule
      ? measured.value.times
      : undefined;
  // The run decides which schedule is shown: times of another one would be lost.
  const isWaiting = store.isOpening.value || store.run.value === undefined;
  const measure = async () => {
    isMeasuring.value = true;
    await store.pause();
    const { configuration } = lesson;
    const result = await measureKernels(configuration, schedule);
    measured.value = { lesson, schedule, times: result };
    isMeasuring.value = false;
  };
  return (
    <div class="kernels">
      <fieldset class="field">
        <legend class="field-label">Schedule</legend>
        <div class="segments">
          {SCHEDULE_KINDS.map((kind) => (
            <label key={kind}>
              <input
                type="radio"
                name="kernels-schedule"
                value={kind}
                checked={kind === schedule}
                onChange={() => {
                  chosen.value = kind;
                }}
              />
              <span>{kind}</span>
            </label>
          ))}
        </div>
        <span class="field-help">
          Three ways to lay the same arithmetic out.{' '}
          {used === undefined ? '' : `The run on WebGPU uses ${used}.`}
        </span>
      </fieldset>
      <PlanView
        key={schedule}
        lesson={lesson}
        schedule={schedule}
        times={times}
        measureButton={
          <div class="kernels-measure">
            <Button isDisabled={isMeasuring.value || isWaiting} onPress={measure}>
              {isMeasuring.value ? 'Measuring…' : 'Measure the times'}
            </Button>
            {isWaiting && <p class="source">As soon as the backend is open.</p>}
          </div>
        }
      />
    </div>
  );
}

async function measureKernels(
  configuration: Lesson['configuration'],
  schedule: ScheduleKind,
): Promise<KernelTimes> {
  const connection = connectRaceWorker();
  try {
    const obstacle = await findObstacle('webgpu');
    return await connection.service.timeKernels(configuration, schedule, obstacle);
  } catch (error) {
    return { timings: [], obstacle: messageOf(error) };
  } finally {
    connection.end();
  }
}

interface PlanViewProps {
  readonly lesson: Lesson;
  readonly schedule: ScheduleKind;
  readonly times: KernelTimes | undefined;
  readonly measureButton: JSX.Element;
}

function PlanView({ lesson, schedule, times, measureButton }: PlanViewProps) {
  const plan = useMemo(() => planBy(schedule, lesson.shape), [schedule, lesson]);
  const parts = useMemo(() => ('declined' in plan ? [] : partsOf(plan)), [plan]);
  const steps = parts.flatMap((part) => part.steps);
  const selected = useSignal('step-0');
  if ('declined' in plan) {
    return (
      <p class="kernels-declined">
        The schedule {schedule} does not take this network: {plan.declined}.
      </p>
    );
  }
  const step = steps.find(({ id }) => id === selected.value) ?? steps[0];
  const select = (id: string) => {
    selected.value = id;
  };
  const bytes = plan.buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
  return (
    <>
      <div class="kernels-summary">
        <p>
          {dispatches(plan.step.length)} a step
          {plan.stepsAtOnce > 1 ? `, up to ${plan.stepsAtOnce} steps in each` : ''},{' '}
          {plan.epoch.length} more an epoch; {count(plan.buffers.length, 'buffer')} of{' '}
          {integer(bytes)} bytes.
        </p>
        {measureButton}
      </div>
      <output class="source">
        {times?.obstacle !== undefined && `No times of kernels: ${times.obstacle}`}
        {times !== undefined &&
          times.obstacle === undefined &&
          'Times are by the device’s clock, each kernel repeated until it stands above the clock’s 0.1 ms.'}
      </output>
      <div>
        <Staged>
          {parts.map((part) => (
            <PlanTable
              key={part.name}
              part={part}
              times={times}
              selected={step.id}
              onSelect={select}
            />
          ))}
        </Staged>
      </div>
      <Staged after={parts.length}>
        <StepDetail key={step.id} step={step} lesson={lesson} />
        <section class="kernels-drawings" aria-labelledby="drawings-heading">
          <h2 id="drawings-heading">The plan as a drawing</h2>
          <p class="source">
            Dispatches from top to bottom; what each reads on its left, what it writes on its right.
          </p>
          <Staged>
            {parts.map((part) => (
              <figure key={part.name}>
                <figcaption class="chart-title">{part.title}</figcaption>
                <PlanDrawing part={part} selected={step.id} />
              </figure>
            ))}
          </Staged>
        </section>
      </Staged>
    </>
  );
}

function dispatches(number: number): string {
  return number === 1 ? '1 dispatch' : `${integer(number)} dispatches`;
}
