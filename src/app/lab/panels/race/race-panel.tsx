/** The place of the race in the lab. */

export function RacePanel() {
  return <p class="source">Nothing here yet.</p>;
}
