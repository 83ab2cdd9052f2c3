/** The place of the kernels in the lab. */

export function KernelsPanel() {
  return <p class="source">Nothing here yet.</p>;
}
