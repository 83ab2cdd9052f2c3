/** A window over the page: the browser keeps the focus in it, and Escape closes it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly isSmall?: boolean;
  /** May close the window, which gives the focus back to what opened it. */
  readonly children: ComponentChildren | ((close: () => void) => ComponentChildren);
}

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
      {typeof children === 'function' ? children(close) : children}
    </dialog>
  );
}
