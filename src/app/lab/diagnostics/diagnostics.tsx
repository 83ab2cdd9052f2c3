/** Who computes and how it was chosen, what WebGPU offers here, and why it is missing where it is. */
import { useEffect, useState } from 'preact/hooks';
import type { BackendInfo } from '../../../training/backend';
import { messageOf } from '../../../training/errors';
import { Button } from '../../components/button';
import { DataTable } from '../../components/data-table';
import { duration, integer } from '../../state/format';
import { backendTitle } from '../../state/names';
import { useStore } from '../../state/store-context';
import { IndexedTuningStore } from '../../worker/indexed-tuning-store';
import { obstacleOf } from '../../worker/obstacle-of';
import type { Obstacle } from '../../worker/training-service';
import { planSentence } from '../setup/setup-plan';
import { SelfTest } from './self-test';

export function Diagnostics() {
  const run = useStore().run.value;
  return (
    <div class="diagnostics">
      {run !== undefined && (
        <section>
          <h3>This run</h3>
          <dl class="pairs">
            <Pair name="Backend">{backendTitle(run.info.name)}</Pair>
            <Pair name="Adapter or engine">{run.info.adapter}</Pair>
            <Pair name="Precision">{run.info.precision}</Pair>
            <Pair name="Setup">{duration(run.setupMilliseconds)}</Pair>
          </dl>
          {run.info.isSoftware && (
            <p>
              This adapter runs the kernels on the CPU: the results are right, the times are not a
              GPU’s.
            </p>
          )}
          <PlanSection info={run.info} />
        </section>
      )}
      <SelfTest />
      <WebGpuSection />
    </div>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function PlanSection({ info: { plan } }: { readonly info: BackendInfo }) {
  const store = useStore();
  const [said, setSaid] = useState('');
  if (plan === undefined) return null;
  const forget = async () => {
    try {
      await new IndexedTuningStore().clear();
      setSaid('The stored measurements are forgotten.');
    } catch (error) {
      setSaid(`The stored measurements could not be forgotten: ${messageOf(error)}`);
    }
  };
  return (
    <>
      <h3>Plan</h3>
      <p>{planSentence(plan)}</p>
      {plan.timings.length > 0 && (
        <DataTable
          label="Measured plans"
          columns={['Candidate', 'Time a step', { title: 'Note', class: 'start wrap' }]}
          rows={plan.timings.map(({ candidate, msPerStep, note }) => [
            candidate,
            msPerStep === null ? '–' : duration(msPerStep),
            candidate === plan.candidate ? 'chosen' : note,
          ])}
        />
      )}
      <div class="diagnostics-buttons">
        <Button
          onPress={async () => {
            await forget();
            await store.setPlanOptions({ ...store.planOptions.value, tuning: 'on' });
            await store.reset();
          }}
        >
          Measure again
        </Button>
        <Button onPress={forget}>Forget measurements</Button>
      </div>
      <output>{said}</output>
    </>
  );
}

/** What decides how large a network may be and how its kernels may look. */
const LIMITS = [
  ['maxBufferSize', 'bytes'],
  ['maxStorageBufferBindingSize', 'bytes'],
  ['maxComputeWorkgroupStorageSize', 'bytes'],
  ['maxComputeInvocationsPerWorkgroup', ''],
  ['maxComputeWorkgroupSizeX', ''],
  ['maxComputeWorkgroupsPerDimension', ''],
  ['maxStorageBuffersPerShaderStage', ''],
] as const satisfies readonly (readonly [keyof GPUSupportedLimits, string])[];

type Found = { readonly obstacle: Obstacle } | { readonly adapter: GPUAdapter };

async function look(): Promise<Found> {
  const { requestAdapter } = await import('../../../gpu/runtime/device');
  const { pageGpu } = await import('../../../session/page-device');
  try {
    return { adapter: await requestAdapter(pageGpu()) };
  } catch (error) {
    return { obstacle: obstacleOf(error) };
  }
}

function WebGpuSection() {
  const [found, setFound] = useState<Found | undefined>(undefined);
  useEffect(() => {
    look().then(setFound);
  }, []);
  if (found === undefined) return <p class="source">Asking for the adapter…</p>;
  if ('obstacle' in found) {
    return (
      <section>
        <h3>Why WebGPU is missing</h3>
        <p>{found.obstacle.message}</p>
        <p class="source">Cause: {found.obstacle.reason}</p>
      </section>
    );
  }
  const { limits, features } = found.adapter;
  return (
    <section>
      <h3>WebGPU in this browser</h3>
      <dl class="pairs">
        {LIMITS.map(([name, unit]) => (
          <Pair key={name} name={name}>
            {`${integer(limits[name])} ${unit}`.trim()}
          </Pair>
        ))}
        <Pair name="Features">{[...features].sort().join(', ') || 'none'}</Pair>
      </dl>
    </section>
  );
}
