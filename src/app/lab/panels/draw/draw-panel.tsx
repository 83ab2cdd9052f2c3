/** The place of the drawing pad in the lab. */

export function DrawPanel() {
  return <p class="source">Nothing here yet.</p>;
}
