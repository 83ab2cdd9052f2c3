/** Says that a race or a sweep has paused the run, and resumes it. */
import { Button } from '../../../components/button';
import { integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import { activity, pausedRun } from './race-state';

export function PausedRun() {
  const store = useStore();
  const run = pausedRun.value;
  if (run === undefined || store.run.value !== run || run.status.value !== 'paused') return null;
  return (
    <p class="race-paused" role="status">
      {`The run is paused at epoch ${integer(run.history.length)} of ${integer(run.configuration.epochs)}, so that measuring has the machine to itself.`}
      <Button isDisabled={activity.value !== undefined} onPress={() => store.start()}>
        Resume
      </Button>
    </p>
  );
}
