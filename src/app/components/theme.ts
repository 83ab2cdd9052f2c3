/** The palette for those who draw on a canvas, and word when it changes with the theme. */
import { signal } from '@preact/signals';

/** Counts the changes of theme; reading it makes a drawing follow them. */
export const themeVersion = signal(0);

/** Colours that were asked for since the last change. */
const colors = new Map<string, string>();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  colors.clear();
  themeVersion.value += 1;
});

/** The present colour of a token, for instance `--accent`, as `rgb(…)`. */
export function colorOf(token: `--${string}`): string {
  const known = colors.get(token);
  if (known !== undefined) return known;
  // A custom property keeps `light-dark()` as it is written; a real property resolves it.
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  colors.set(token, color);
  return color;
}
