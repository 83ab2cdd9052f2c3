/** The settings of the lab. */

export function Setup() {
  return <aside class="setup" aria-label="Setup" />;
}
