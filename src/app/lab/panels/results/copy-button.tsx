/** Copies a text to the clipboard, and says so. */
import { useSignal } from '@preact/signals';
import { Button } from '../../../components/button';
import { useStore } from '../../../state/store-context';

interface Props {
  readonly text: string;
  /** What is copied. */
  readonly what: string;
}

export function CopyButton({ text, what }: Props) {
  const store = useStore();
  const result = useSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      result.value = 'Copied.';
    } catch {
      result.value = 'The browser does not allow copying here.';
    }
    store.announcer.say(`${what}: ${result.value}`);
  };
  return (
    <span class="copy">
      <span class="source">{result.value}</span>
      <Button onPress={copy}>Copy as text</Button>
    </span>
  );
}
