/** The way out of a notice that asks for nothing. */
import type { Signal } from '@preact/signals';
import { Button } from './button';

interface Props {
  /** What is shown for as long as there is something in it. */
  readonly shown: Signal<unknown>;
}

export function CloseNotice({ shown }: Props) {
  return (
    <Button
      onPress={() => {
        shown.value = undefined;
      }}
    >
      Close
    </Button>
  );
}
