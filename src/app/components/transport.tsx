/**
 * Start, Pause, Step and Reset with the progress of the selected run: the same in every view. They
 * can be pressed while a backend is being opened; what was asked for happens when it stands ready.
 */
import { integer, printedNumber } from '../state/format';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import { Button } from './button';
import { Icon } from './icons';

export function Transport() {
  const store = useStore();
  const run = store.run.value;
  const isBusy = run?.isBusy ?? false;
  return (
    <fieldset class="transport" aria-label="Training">
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
      <Button onPress={() => store.reset()}>
        <Icon name="reset" /> Reset
      </Button>
      <Progress run={run} />
    </fieldset>
  );
}

function startLabel(run: Run | undefined): string {
  if (run === undefined || run.epochs.value === 0) return 'Start';
  return run.isOver ? 'Start again' : 'Resume';
}

function Progress({ run }: { readonly run: Run | undefined }) {
  const store = useStore();
  const epochs = (run?.configuration ?? store.settings.configuration.value).epochs;
  const done = run?.epochs.value ?? 0;
  const metrics = run?.history.at(-1);
  return (
    <div class="progress">
      <div class="progress-numbers">
        <span>
          Epoch {integer(done)} of {integer(epochs)}
        </span>
        <span>{metrics === undefined ? '' : `loss ${printedNumber(metrics.loss)}`}</span>
      </div>
      <progress max={epochs} value={done} aria-label="Epochs done" />
    </div>
  );
}
