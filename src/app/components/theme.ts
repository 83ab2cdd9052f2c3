/** The theme: the user's choice, the palette for those who draw on a canvas, and word when it changes. */
import { signal } from '@preact/signals';
import { remember } from '../state/memory';

/** Counts the changes of theme; reading it makes a drawing follow them. */
export const themeVersion = signal(0);

/** Colours that were asked for since the last change. */
const colors = new Map<string, string>();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);

/** Has every drawing made anew, in other colours or at another size of type. */
export function repaint(): void {
  colors.clear();
  themeVersion.value = themeVersion.peek() + 1;
}

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Read again by public/theme.js, before the page is painted. */
const MEMORY = 'shaderprop.theme';

/** The theme that the user chose; public/theme.js has set it already. */
export const theme = signal<Theme>(
  THEMES.find((name) => name === document.documentElement.dataset.theme) ?? 'system',
);

/** Shows a theme and remembers it. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  const { dataset } = document.documentElement;
  if (chosen === 'system') delete dataset.theme;
  else dataset.theme = chosen;
  repaint();
  remember(MEMORY, chosen === 'system' ? null : chosen);
}

/** The present colour of a token, for instance `--accent`, as `rgb(…)`. */
export function colorOf(token: `--${string}`): string {
  const known = colors.get(token);
  if (known !== undefined) return known;
  // A custom property keeps `light-dark()` as it is written; a real property resolves it.
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  // Forced colours have one for all text, and would leave one for all that is drawn.
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  colors.set(token, color);
  return color;
}
