/** The challenges as presets. */

export function PresetsPanel() {
  return <p class="source">Nothing here yet.</p>;
}
