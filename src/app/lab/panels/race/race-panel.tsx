/** The race: the same start on every backend in turns, their speed, and how far apart their numbers are. */
import { useState } from 'preact/hooks';
import { BACKEND_NAMES } from '../../../../training/backend';
import { checkConfiguration } from '../../../../training/configuration/check';
import { findPreset } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { Select } from '../../../components/select';
import { count, duration } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import { useStore } from '../../../state/store-context';
import type { Lane, RaceLength } from '../../../worker/race';
import { KernelTimesTable } from './kernel-times-table';
import { PausedRun } from './paused-run';
import { activity, broken, cancel, pauseRun, raceProgress, startRace } from './race-state';
import { RaceTable } from './race-table';
import { Sweep } from './sweep';
import {
  lengthText,
  phaseSentence,
  placeOf,
  softwareSentence,
  speedSentence,
  winnerOf,
} from './verdict';
import './race.css';

/** Offered beside the epochs of the settings. */
const EPOCHS = [100, 300, 1000];
/** Offered where an epoch is long. */
const SECONDS = [10, 30, 60];
/** So many training samples make an epoch long. */
const MANY_SAMPLES = 10_000;

/** What is raced: the settings, or work that a GPU is worth having for. */
const WORK = {
  settings: 'The settings as they are',
  'mnist-wide': 'MNIST with a wide network: work for a GPU',
} as const;
type Work = keyof typeof WORK;

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
            <p class="source">
              {'epochs' in progress.length
                ? 'The bars show how far each was when the first one was there.'
                : 'The bars show how far each got in the same time.'}
            </p>
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
  const settings = store.settings.configuration.value;
  const [work, setWork] = useState<Work>('settings');
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const samples = store.lesson.value?.counts.reduce((sum, { train }) => sum + train, 0) ?? 0;
  const isLong = work === 'mnist-wide' || samples > MANY_SAMPLES;
  const usual = isLong ? `${SECONDS[0]} s` : `${Math.min(settings.epochs, 1000)}`;
  const epochs = [...new Set([...EPOCHS, settings.epochs])].sort((a, b) => a - b).map(String);
  const seconds = SECONDS.map((number) => `${number} s`);
  const choices = isLong ? seconds : [...epochs, ...seconds];
  const length = chosen !== undefined && choices.includes(chosen) ? chosen : usual;
  const isRacing = activity.value === 'race';
  return (
    <div class="race-controls">
      <div class="race-choice">
        <label for="race-work">Work</label>
        <Select
          id="race-work"
          disabled={isRacing}
          choices={Object.keys(WORK) as Work[]}
          titleOf={(name) => WORK[name]}
          chosen={work}
          onChoose={setWork}
        />
      </div>
      <div class="race-choice">
        <label for="race-epochs">Length of the race</label>
        <Select
          id="race-epochs"
          disabled={isRacing}
          choices={choices}
          titleOf={(text) => lengthText(lengthOf(text))}
          chosen={length}
          onChoose={setChosen}
        />
      </div>
      {isRacing ? (
        <Button onPress={cancel}>Cancel</Button>
      ) : (
        <Button
          isPrimary
          isDisabled={activity.value !== undefined}
          onPress={async () => {
            await pauseRun(store);
            const configuration =
              work === 'settings' ? settings : checkConfiguration(findPreset(work).configuration);
            await startRace(store, configuration, lengthOf(length), store.planOptions.value);
          }}
        >
          Race
        </Button>
      )}
    </div>
  );
}

/** Of a choice: `300` are epochs, `10 s` is a time. */
function lengthOf(text: string): RaceLength {
  const number = Number.parseInt(text, 10);
  return text.endsWith('s') ? { milliseconds: 1000 * number } : { epochs: number };
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
        max={progress?.epochs || 1}
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
  const { obstacle, last, steps, loss, epochs, compute } = lane;
  if (obstacle !== undefined) return obstacle;
  if (last === undefined && (steps ?? 0) === 0) return 'ready';
  const done = steps === undefined ? count(epochs, 'epoch') : count(steps, 'step');
  const training = loss === undefined ? '' : ` · training loss ${loss.toFixed(4)}`;
  const said = last === undefined ? training : ` · test loss ${last.valLoss.toFixed(4)}`;
  return `${done} in ${duration(compute)}${said}`;
}
