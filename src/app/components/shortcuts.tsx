/** Keyboard shortcuts: what they do, their list, and the switch that turns them off. */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { recall, remember } from '../state/memory';
import type { Store } from '../state/store';
import { useStore } from '../state/store-context';
import { isPresenting, toggleFullScreen, togglePresenter } from '../views/presentation';
import { DataTable } from './data-table';
import { Dialog } from './dialog';

interface Shortcut {
  readonly key: string;
  readonly does: string;
  /** Where it is not always there. */
  readonly isDue?: () => boolean;
  readonly run: (store: Store) => unknown;
}

const SHORTCUTS: readonly Shortcut[] = [
  {
    key: 'p',
    does: 'Start, pause or resume training',
    run: (store) =>
      store.isStarting.value || store.run.value?.isBusy ? store.pause() : store.start(),
  },
  { key: 's', does: 'Step one epoch', run: (store) => store.step() },
  { key: 'b', does: 'Step one batch', run: (store) => store.stepBatch() },
  { key: 'r', does: 'Reset, with the same seed', run: (store) => store.reset() },
  { key: 'n', does: 'Reset, with a new seed', run: (store) => store.newSeed() },
  { key: 'u', does: 'Undo the last change of a setting', run: (store) => store.undo() },
  { key: 'v', does: 'Presenter mode on or off', run: (store) => togglePresenter(store) },
  {
    key: 'Escape',
    does: 'Leave presenter mode',
    isDue: () => isPresenting.value,
    run: (store) => togglePresenter(store),
  },
  { key: 'f', does: 'Full screen on or off', run: (store) => toggleFullScreen(store) },
  { key: '?', does: 'Show this list', run: () => openShortcuts() },
];

const MEMORY = 'shaderprop.shortcuts';
const isOn = signal(recall(MEMORY) !== 'off');
const isListOpen = signal(false);

export function openShortcuts(): void {
  isListOpen.value = true;
}

/** Listens while it is shown; the list is part of it. */
export function Shortcuts() {
  const store = useStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isOn.value || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const pressed = event.key.toLowerCase();
      const shortcut = SHORTCUTS.find(({ key }) => key.toLowerCase() === pressed);
      if (shortcut?.isDue?.() === false || shortcut === undefined) return;
      event.preventDefault();
      shortcut.run(store);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [store]);
  if (!isListOpen.value) return null;
  return (
    <Dialog
      title="Keyboard shortcuts"
      isSmall
      onClose={() => {
        isListOpen.value = false;
      }}
    >
      <DataTable
        columns={['Key', { title: 'What it does', class: 'start wrap' }]}
        rows={SHORTCUTS.map(({ key, does }) => [<kbd key={key}>{key}</kbd>, does])}
      />
      <label class="check dialog-check">
        <input
          type="checkbox"
          checked={isOn.value}
          onChange={({ currentTarget: { checked } }) => {
            isOn.value = checked;
            remember(MEMORY, checked ? 'on' : 'off');
          }}
        />
        Shortcuts are on
      </label>
    </Dialog>
  );
}

/** Letters belong to whoever takes text, and to lists that search by letter. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches(
      'input:not([type=checkbox], [type=radio], [type=range]), select, textarea, [contenteditable]',
    )
  );
}
