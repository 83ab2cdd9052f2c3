/** The race: the same start on every backend in turns, their speed, and how far apart their numbers are. */
import { useState } from 'preact/hooks';
import { BACKEND_NAMES } from '../../../../training/backend';
import { Button } from '../../../components/button';
import { Select } from '../../../components/select';
import { count, duration } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import { useStore } from '../../../state/store-context';
import type { Lane } from '../../../worker/race';
import { KernelTimesTable } from './kernel-times-table';
import { PausedRun } from './paused-run';
import { activity, broken, cancel, pauseRun, raceProgress, startRace } from './race-state';
import { RaceTable } from './race-table';
import { Sweep } from './sweep';
import { phaseSentence, placeOf, softwareSentence, speedSentence, winnerOf } from './verdict';
import './race.css';

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
  const speed = progress && speedSentence(progress);
  const software = progress && softwareSentence(progress);
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
        {!isRacing && broken.value.race}
        {!isRacing && progress?.phase === 'finished' && phaseSentence(progress)}
      </output>
      {activity.value !== 'sweep' && <PausedRun />}
      <div class="lanes">
        {BACKEND_NAMES.map((name) => (
          <LaneRow key={name} name={name} />
        ))}
      </div>
      {progress !== undefined && (
        <div class="race-verdict">
          {!isRacing && speed !== undefined && <p class="race-speed">{speed}</p>}
          {winnerOf(progress) !== undefined && (
            <p class="source">The bars show how far each was when the first one was there.</p>
          )}
          {software !== undefined && <p class="source">{software}</p>}
        </div>
      )}
      <RaceTable lanes={progress?.lanes ?? []} />
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
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const epochs = chosen ?? Math.min(configured, 1000);
  const choices = [...new Set([...EPOCHS, configured, epochs])].sort((a, b) => a - b);
  const isRacing = activity.value === 'race';
  return (
    <div class="race-controls">
      <label for="race-epochs">Length of the race</label>
      <Select
        id="race-epochs"
        disabled={isRacing}
        choices={choices}
        titleOf={(number) => count(number, 'epoch')}
        chosen={epochs}
        onChoose={setChosen}
      />
      {isRacing ? (
        <Button onPress={cancel}>Cancel</Button>
      ) : (
        <Button
          isPrimary
          isDisabled={activity.value !== undefined}
          onPress={async () => {
            await pauseRun(store);
            await startRace(store.settings.configuration.value, epochs, store.planOptions.value);
          }}
        >
          Race
        </Button>
      )}
    </div>
  );
}

function LaneRow({ name }: Pick<Lane, 'name'>) {
  const progress = raceProgress.value;
  const lane = progress?.lanes.find((candidate) => candidate.name === name);
  const isFirst = progress !== undefined && lane !== undefined && winnerOf(progress) === lane;
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
        max={progress?.epochs ?? 1}
        value={progress === undefined || lane === undefined ? 0 : placeOf(lane, progress)}
        aria-labelledby={`lane-${name}`}
      />
      <span class={lane?.obstacle === undefined ? 'lane-now' : 'lane-now lane-obstacle'}>
        {isFirst && <strong class="lane-first">✓ first · </strong>}
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
