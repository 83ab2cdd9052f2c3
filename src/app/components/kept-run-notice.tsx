/** Offers to go on with the run of the last visit. */
import { ago, integer } from '../state/format';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import { Button } from './button';
import { CloseNotice } from './close-notice';

export function KeptRunNotice() {
  const store = useStore();
  const kept = store.earlier.offered.value;
  if (kept === undefined) return null;
  const { epoch, configuration, backend, keptAt } = kept;
  return (
    <div class="notice notice-with-button" role="status">
      <div>
        <strong>
          {epoch < configuration.epochs ? 'Go on with the last run?' : 'Bring the last run back?'}
        </strong>
        Epoch {integer(epoch)} of {integer(configuration.epochs)} on {backendTitle(backend)}, kept{' '}
        {ago(Date.now() - keptAt)}.
      </div>
      <Button
        isPrimary
        onPress={async () => {
          if ((await store.earlier.goOn()) && store.run.value?.isOver === false)
            await store.start();
        }}
      >
        {epoch < configuration.epochs ? 'Go on' : 'Bring it back'}
      </Button>
      <Button onPress={() => store.earlier.forget()}>Forget it</Button>
      <CloseNotice shown={store.earlier.offered} />
    </div>
  );
}
