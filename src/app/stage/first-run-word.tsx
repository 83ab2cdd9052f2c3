/** A word on the first run, which is slowed down. Its line stays when there is nothing more to say: nothing moves. */
import { Button } from '../components/button';
import { duration } from '../state/format';
import { useStore } from '../state/store-context';

export function FirstRunWord() {
  const { firstRun } = useStore();
  return firstRun.isWatched ? (
    <p class="stage-word">
      <Word />
    </p>
  ) : null;
}

function Word() {
  const store = useStore();
  const run = store.run.value;
  const state = store.firstRun.state.value;
  // Taken back before its end, it is still to come.
  const isReset = state === 'under-way' && run?.isBusy === false && run.done === 0;
  const shown = isReset ? 'due' : state;
  switch (shown) {
    case 'due':
      return <>The first run takes about eight seconds, so that you can watch it.</>;
    case 'under-way':
      if (store.firstRun.pace.value === undefined) return <>What is left comes at full speed.</>;
      return (
        <>
          Slowed down so that you can watch.{' '}
          <Button onPress={() => store.setPace(undefined)}>Full speed</Button>
        </>
      );
    case 'over':
      return <>That was slow motion. Start again, and it runs at full speed.</>;
    case 'full-speed':
      return <>At full speed.</>;
    case 'compared':
      return <>At full speed it took {duration(run?.trainMilliseconds.value ?? 0)}.</>;
    case 'past':
      return null;
    default:
      return shown satisfies never;
  }
}
