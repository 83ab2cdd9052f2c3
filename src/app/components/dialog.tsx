/** A window over the page: the browser keeps the focus in it, and Escape closes it. */
import { type ComponentChildren, createContext } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly isSmall?: boolean;
  readonly children: ComponentChildren;
}

/** Closes the window around a component, and gives the focus back to what opened it. */
export const CloseDialog = createContext(() => {});

export function Dialog({ title, onClose, isSmall, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  const close = () => ref.current?.close();
  return (
    <dialog
      ref={ref}
      class={isSmall ? 'dialog dialog-small' : 'dialog'}
      aria-labelledby="dialog-title"
      onClose={onClose}
    >
      <div class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <Button onPress={close}>Close</Button>
      </div>
      <CloseDialog.Provider value={close}>{children}</CloseDialog.Provider>
    </dialog>
  );
}
