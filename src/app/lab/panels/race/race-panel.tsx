/** The race: the same start on every backend in turns, their speed, and how far apart their numbers are. */
import { useSignal } from '@preact/signals';
import { Button } from '../../../components/button';
import { Options } from '../../../components/options';
import { count, duration } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import { useStore } from '../../../state/store-context';
import type { Lane, RaceProgress } from '../../../worker/race';
import { KernelTimesTable } from './kernel-times-table';
import { activity, cancel, cancelled, failure, raceProgress, startRace } from './race-state';
import { RaceTable } from './race-table';
import { Sweep } from './sweep';
import { phaseSentence, softwareSentence, speedSentence } from './verdict';
import './race.css';

const LANES = ['webgpu', 'cpu', 'reference'] as const;
/** Offered beside the epochs of the settings. */
const EPOCHS = [100, 300, 1000];

export function RacePanel() {
  return (
    <div class="race">
      <Race />
      <Sweep />
    </div>
  );
}

function Race() {
  const progress = raceProgress.value;
  const isRacing = activity.value === 'race';
  return (
    <section aria-labelledby="race-heading">
      <h2 id="race-heading">The same training, three ways</h2>
      <p class="race-lead">
        WebGPU, the CPU (WebAssembly) and the float64 reference start from the same seed and take
        turns of equal time. Who gets further is faster; the differences beside the times say
        whether it is still the same answer. <a href="./bench.html">The benchmark page</a> measures
        larger networks, beside TensorFlow.js and jax-js.
      </p>
      <Controls />
      <output class="race-status">
        {isRacing && progress !== undefined && phaseSentence(progress)}
        {!isRacing && cancelled.value === 'race' && 'Cancelled; what it gave so far stays.'}
        {!isRacing && failure.value}
        {!isRacing && progress?.phase === 'finished' && phaseSentence(progress)}
      </output>
      <div class="lanes">
        {LANES.map((name) => (
          <LaneRow key={name} name={name} progress={progress} />
        ))}
      </div>
      {progress !== undefined && <Verdict progress={progress} isRacing={isRacing} />}
      <RaceTable lanes={progress?.lanes ?? []} names={LANES} />
      {progress !== undefined && 'kernels' in progress && progress.kernels !== undefined && (
        <details class="disclosure">
          <summary>Time of each kernel on the device</summary>
          <KernelTimesTable times={progress.kernels} />
        </details>
      )}
    </section>
  );
}

function Controls() {
  const store = useStore();
  const configured = store.settings.configuration.value.epochs;
  const chosen = useSignal<number | undefined>(undefined);
  const epochs = chosen.value ?? Math.min(configured, 1000);
  const choices = [...new Set([...EPOCHS, configured, epochs])].sort((a, b) => a - b);
  const isRacing = activity.value === 'race';
  return (
    <div class="race-controls">
      <label for="race-epochs">Length of the race</label>
      <select
        id="race-epochs"
        value={epochs}
        disabled={isRacing}
        onChange={(event) => {
          chosen.value = Number(event.currentTarget.value);
        }}
      >
        <Options values={choices} titleOf={(number) => count(Number(number), 'epoch')} />
      </select>
      {isRacing ? (
        <Button onPress={cancel}>Cancel</Button>
      ) : (
        <Button
          isPrimary
          isDisabled={activity.value !== undefined}
          onPress={async () => {
            // Training beside it would take its time.
            await store.pause();
            await startRace(store.settings.configuration.value, epochs, store.planOptions.value);
          }}
        >
          Race
        </Button>
      )}
    </div>
  );
}

function LaneRow({
  name,
  progress,
}: {
  readonly name: (typeof LANES)[number];
  readonly progress: RaceProgress | undefined;
}) {
  const lane = progress?.lanes.find((candidate) => candidate.name === name);
  const epochs = progress?.epochs ?? 1;
  return (
    <div class="lane">
      <span class="lane-name" id={`lane-${name}`}>
        <strong>{backendTitle(name)}</strong>
        <span class="lane-adapter">
          {lane?.info && `${lane.info.adapter}, ${lane.info.precision}`}
        </span>
      </span>
      <progress
        class={`lane-bar lane-${name}`}
        max={epochs}
        value={lane?.epochs ?? 0}
        aria-labelledby={`lane-${name}`}
      />
      <span class={lane?.obstacle === undefined ? 'lane-now' : 'lane-now lane-obstacle'}>
        {laneText(lane)}
      </span>
    </div>
  );
}

function laneText(lane: Lane | undefined): string {
  if (lane === undefined) return '';
  if (lane.obstacle !== undefined) return lane.obstacle;
  if (lane.last === undefined) return 'ready';
  const { valLoss } = lane.last;
  return `${count(lane.epochs, 'epoch')} in ${duration(lane.compute)} · test loss ${valLoss.toFixed(4)}`;
}

function Verdict({
  progress,
  isRacing,
}: {
  readonly progress: RaceProgress;
  readonly isRacing: boolean;
}) {
  const speed = isRacing ? undefined : speedSentence(progress);
  const software = softwareSentence(progress);
  return (
    <div class="race-verdict">
      {speed !== undefined && <p class="race-speed">{speed}</p>}
      {software !== undefined && <p class="source">{software}</p>}
    </div>
  );
}
