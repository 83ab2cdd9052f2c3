/** The place of the export in the lab. */

export function ExportPanel() {
  return <p class="source">Nothing here yet.</p>;
}
