/**
 * A button that can be out of use without losing the focus: a disabled one would drop the keyboard
 * user to the top of the page.
 */
import type { ComponentChildren } from 'preact';

interface Props {
  readonly onPress: () => void;
  readonly children: ComponentChildren;
  readonly isDisabled?: boolean | undefined;
  readonly isPrimary?: boolean;
  readonly class?: string;
  /** More than the label says. */
  readonly title?: string;
  /** Only of a button that stays down. */
  readonly isPressed?: boolean;
  /** Only of a button that unfolds something. */
  readonly isExpanded?: boolean;
}

export function Button({
  onPress,
  children,
  isDisabled = false,
  isPrimary,
  isPressed,
  isExpanded,
  title,
  class: extra,
}: Props) {
  const classes = ['button', isPrimary && 'button-primary', extra].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class={classes}
      title={title}
      aria-disabled={isDisabled}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      onClick={() => {
        if (!isDisabled) onPress();
      }}
    >
      {children}
    </button>
  );
}
