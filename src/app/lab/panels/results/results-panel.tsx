/** The place of the results in the lab. */

export function ResultsPanel() {
  return <p class="source">Nothing here yet.</p>;
}
