/**
 * Start, Pause, Step and Reset with the progress of the selected run: the same in every view. They
 * can be pressed while a backend is being opened; what was asked for happens when it stands ready.
 */
import { integer, printedNumber, timeLeft } from '../state/format';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import { view } from '../views/view';
import { Button } from './button';
import { Icon } from './icons';
import { Select } from './select';

export function Transport() {
  const store = useStore();
  const run = store.run.value;
  const isBusy = store.isStarting.value || run?.isBusy === true;
  const isLab = view.value === 'lab';
  return (
    <fieldset class={isLab ? 'transport transport-lab' : 'transport'} aria-label="Training">
      {isBusy ? (
        <Button
          class="transport-primary"
          isPrimary
          isDisabled={run?.status.value === 'pausing'}
          onPress={() => store.pause()}
        >
          <Icon name="pause" /> Pause
        </Button>
      ) : (
        <Button class="transport-primary" isPrimary onPress={() => store.start()}>
          <Icon name="play" /> {startLabel(run)}
        </Button>
      )}
      <Button isDisabled={isBusy || run?.isOver} onPress={() => store.step()}>
        <Icon name="step" /> Step
      </Button>
      {isLab && (
        <Button
          class="button-second"
          title="Train one batch"
          isDisabled={isBusy || run?.isOver}
          onPress={() => store.stepBatch()}
        >
          Batch
        </Button>
      )}
      <Button onPress={() => store.reset()}>
        <Icon name="reset" /> Reset
      </Button>
      {isLab && (
        <Button
          class="button-second"
          title="Reset with other initial parameters"
          onPress={() => store.newSeed()}
        >
          New seed
        </Button>
      )}
      <Progress run={run} />
      {isLab && <Pace />}
    </fieldset>
  );
}

/** What the first run of a visitor has, and none that can be chosen. */
const WATCHED = 'slow motion';
const PACES = { 'full speed': undefined, '100 epochs/s': 100, '10 epochs/s': 10, '1 epoch/s': 1 };
const PACE_TITLES = Object.keys(PACES) as readonly (keyof typeof PACES)[];

/** Slow motion. */
export function Pace() {
  const store = useStore();
  const { state, pace } = store.firstRun;
  const isWatched =
    store.pace.value === undefined && (state.value === 'due' || pace.value !== undefined);
  const chosen = PACE_TITLES.find((title) => PACES[title] === store.pace.value) ?? '';
  return (
    <label class="pace">
      <span>Speed</span>
      <Select
        choices={isWatched ? [WATCHED, ...PACE_TITLES] : PACE_TITLES}
        chosen={isWatched ? WATCHED : chosen}
        onChoose={(title) => {
          if (title !== WATCHED) store.setPace(PACES[title]);
        }}
      />
    </label>
  );
}

/** The batch amid an epoch that takes longer than a moment, or that was trained batch by batch. */
function batchOf(run: Run | undefined): string | undefined {
  const batch = run?.underway.value?.batch;
  if (run === undefined || batch === undefined) return undefined;
  return `batch ${integer(batch)} of ${integer(run.history.batchesPerEpoch)}`;
}

function timeLeftOf(run: Run | undefined, pace: number | undefined): string | undefined {
  if (run?.status.value !== 'running') return undefined;
  const { unmeasured } = run.history;
  const epochs = run.configuration.epochs - unmeasured;
  return timeLeft(run.done - unmeasured, epochs, run.trainMilliseconds.value, pace);
}

function startLabel(run: Run | undefined): string {
  if (run === undefined || run.done === 0) return 'Start';
  return run.isOver ? 'Start again' : 'Resume';
}

function Progress({ run }: { readonly run: Run | undefined }) {
  const store = useStore();
  const epochs = (run?.configuration ?? store.settings.configuration.value).epochs;
  const done = run?.history.length ?? 0;
  const metrics = run?.underway.value ?? run?.history.at(-1);
  return (
    <div class="progress">
      <div class="progress-numbers">
        <span>
          Epoch {integer(done)} of {integer(epochs)}
        </span>
        <span>
          {view.value === 'lab'
            ? [batchOf(run), timeLeftOf(run, store.pace.value ?? store.firstRun.pace.value)]
                .filter(Boolean)
                .join(', ')
            : metrics !== undefined && `loss ${printedNumber(metrics.loss)}`}
        </span>
      </div>
      <progress max={epochs} value={run?.done ?? 0} aria-label="Epochs done" />
    </div>
  );
}
