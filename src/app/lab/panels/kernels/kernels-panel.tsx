/** The plan of this network, and for each of its steps the WGSL, the formula, NumPy and the reference. */
import { signal } from '@preact/signals';
import { useMemo, useState } from 'preact/hooks';
import { describePlanBy } from '../../../../gpu/describe';
import {
  SCHEDULE_KINDS,
  type ScheduleChoice,
  type ScheduleKind,
} from '../../../../gpu/plan/choices';
import { messageOf } from '../../../../training/errors';
import type { PlanDescription } from '../../../../training/plan-description';
import { Button } from '../../../components/button';
import { Segments } from '../../../components/segments';
import { Staged } from '../../../components/staged';
import { count, integer } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Run } from '../../../state/run';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';
import type { Lesson } from '../../../worker/lesson';
import { connectRaceWorker, passOnFile } from '../../../worker/race-client';
import type { NamedPlan, TimedPlan } from '../../../worker/race-service';
import { planName } from '../../setup/setup-plan';
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

/** The plan in use, or another schedule's. */
type Shown = 'used' | ScheduleKind;

/** One plan at a time is measured, or each would disturb the other. */
const isMeasuring = signal(false);

function Plans({ lesson }: { readonly lesson: Lesson }) {
  const store = useStore();
  const run = store.run.value;
  const planOptions = store.planOptions.value;
  const [shown, setShown] = useState<Shown>('used');
  const schedule = shown === 'used' ? planOptions.schedule : shown;
  const used = shown === 'used' ? run?.plan : undefined;
  const plan = useMemo(
    () => used ?? describePlanBy(schedule, lesson.shape),
    [used, schedule, lesson],
  );
  return (
    <div class="kernels">
      <fieldset class="field">
        <legend class="field-label">Plan</legend>
        <div class="segments">
          <Segments
            name="kernels-plan"
            choices={['used', ...SCHEDULE_KINDS]}
            titleOf={(kind) => (kind === 'used' ? usedTitle(run) : kind)}
            chosen={shown}
            onChoose={setShown}
          />
        </div>
        <span class="field-help">
          {run === undefined ? 'Opening the backend…' : planSentence(run)}{' '}
          {shown !== 'used' && 'Shown is another plan, not the run’s.'}
        </span>
      </fieldset>
      {'declined' in plan ? (
        <p class="kernels-declined">
          The schedule {schedule} does not take this network: {plan.declined}.
        </p>
      ) : (
        <PlanView key={shown} lesson={lesson} run={run} plan={plan} schedule={schedule} />
      )}
    </div>
  );
}

/** What is called the plan in use. */
function usedTitle(run: Run | undefined): string {
  return run?.plan === null ? 'WebGPU’s' : 'the run’s';
}

function planSentence({ plan, info, planOptions: { schedule } }: Run): string {
  if (plan === null) {
    const how = schedule === 'auto' ? 'by the fixed table' : 'as asked for';
    return `No kernels run: this run is on the backend ${backendTitle(info.name)}. “WebGPU’s” is the plan that WebGPU would take ${how}.`;
  }
  return plan.choice === null ? '' : `The run on WebGPU uses ${planName(plan.choice)}.`;
}

async function measureKernels(
  { service: training }: Pick<Store, 'service'>,
  configuration: Lesson['configuration'],
  plan: NamedPlan,
): Promise<Partial<TimedPlan>> {
  const connection = connectRaceWorker();
  try {
    await passOnFile(configuration, training, connection.service);
    return await connection.service.timeKernels(configuration, plan);
  } catch (error) {
    return { obstacle: messageOf(error) };
  } finally {
    connection.end();
  }
}

interface PlanViewProps {
  readonly lesson: Lesson;
  readonly run: Run | undefined;
  readonly plan: PlanDescription;
  readonly schedule: ScheduleChoice;
}

function PlanView({ lesson, run, plan: untimed, schedule }: PlanViewProps) {
  const store = useStore();
  // The run decides which plan is shown: times of another one would be lost.
  const isWaiting = store.isOpening.value || run === undefined;
  const candidate = untimed.choice?.candidate;
  const named = { schedule, ...(candidate !== undefined && { candidate }) };
  const [measured, setMeasured] = useState<
    Partial<TimedPlan> & { readonly run?: Run | undefined }
  >();
  const times = measured?.run === run ? measured : undefined;
  const plan = times?.plan ?? untimed;
  const parts = useMemo(() => partsOf(plan), [plan]);
  const steps = parts.flatMap((part) => part.steps);
  const [selected, select] = useState('step-0');
  const step = steps.find(({ id }) => id === selected) ?? steps[0];
  return (
    <>
      <div class="kernels-summary">
        <p>
          {dispatches(plan.step.length)} a step
          {plan.stepsAtOnce > 1 ? `, up to ${plan.stepsAtOnce} steps in each` : ''},{' '}
          {plan.epoch.length} more an epoch; {count(plan.buffers.length, 'buffer')} of{' '}
          {integer(plan.bytes)} bytes.
        </p>
        <div class="kernels-measure">
          <Button
            isDisabled={isMeasuring.value || isWaiting}
            onPress={async () => {
              isMeasuring.value = true;
              await store.pause();
              setMeasured({ run, ...(await measureKernels(store, lesson.configuration, named)) });
              isMeasuring.value = false;
            }}
          >
            {isMeasuring.value ? 'Measuring…' : 'Measure the times'}
          </Button>
          {isWaiting && <p class="source">As soon as the backend is open.</p>}
        </div>
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
            <PlanTable key={part.title} part={part} selected={step.id} onSelect={select} />
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
              <figure key={part.title}>
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
