/** The place of the network in the lab. */

export function NetworkPanel() {
  return <p class="source">Nothing here yet.</p>;
}
