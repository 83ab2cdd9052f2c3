/** The transport's signs; words stand beside them. */

const PATHS = {
  play: 'M2 1l9 5-9 5z',
  pause: 'M2 1h3v10H2zM7 1h3v10H7z',
  step: 'M1 1l7 5-7 5zM9 1h2v10H9z',
  reset: 'M6 2V0L2.5 3 6 6V4a3 3 0 1 1-3 3H1a5 5 0 1 0 5-5z',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
