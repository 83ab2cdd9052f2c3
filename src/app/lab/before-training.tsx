/** What a panel says before there is something to see in it: what that will be, and the way there. */
import { Button } from '../components/button';
import { useStore } from '../state/store-context';

interface Props {
  /** What will be seen, in a sentence. */
  readonly text: string;
}

export function BeforeTraining({ text }: Props) {
  const store = useStore();
  return (
    <div class="before-training">
      <p>{text}</p>
      <Button onPress={() => store.start()}>Train now</Button>
    </div>
  );
}
