/** How WebGPU lays the network out, and how that is chosen. */

import { SCHEDULE_CHOICES } from '../../../gpu/plan/choices';
import type { PlanChoice } from '../../../training/backend';
import { Select } from '../../components/select';
import { useStore } from '../../state/store-context';

export function SetupPlan() {
  const store = useStore();
  const planOptions = store.planOptions.value;
  const isIdle = store.backend.value !== 'webgpu';
  return (
    <>
      <div class={isIdle ? 'setup-field is-idle' : 'setup-field'}>
        <label class="setup-label" for="setup-plan">
          Plan
        </label>
        <Select
          id="setup-plan"
          disabled={isIdle}
          aria-describedby="setup-plan-help"
          choices={SCHEDULE_CHOICES}
          chosen={planOptions.schedule}
          onChoose={(schedule) => store.setPlanOptions({ ...planOptions, schedule })}
        />
        <p id="setup-plan-help" class="setup-help">
          How WebGPU lays the network out as dispatches. {isIdle && 'Only with WebGPU.'}
        </p>
      </div>
      <div class={isIdle ? 'setup-field is-idle' : 'setup-field'}>
        <label class="setup-label" for="setup-tuning">
          Measure plans
        </label>
        <input
          id="setup-tuning"
          type="checkbox"
          disabled={isIdle}
          checked={planOptions.tuning !== 'off'}
          aria-describedby="setup-tuning-help"
          onChange={({ currentTarget: { checked } }) =>
            store.setPlanOptions({ ...planOptions, tuning: checked ? 'on' : 'off' })
          }
        />
        <p id="setup-tuning-help" class="setup-help">
          Try the plans on this device and keep the fastest; without it a fixed table decides.{' '}
          {isIdle ? 'Only with WebGPU.' : planSentence(store.run.value?.info.plan)}
        </p>
      </div>
    </>
  );
}

const CHOSEN_BY = {
  'asked for': 'as asked for',
  'fixed table': 'by the fixed table',
  'stored measurement': 'by a measurement of an earlier visit',
  measurement: 'by measurement',
} as const satisfies Record<PlanChoice['chosenBy'], string>;

/** Which plan runs, and why that one. */
export function planSentence(plan: PlanChoice | undefined): string {
  return plan === undefined ? '' : `Now: ${planName(plan)}.`;
}

/** A plan's name, and who chose it. */
export function planName({ candidate, chosenBy }: PlanChoice): string {
  return `${candidate}, chosen ${CHOSEN_BY[chosenBy]}`;
}
