/** Why the test set may do better than the training set, beside every pair of curves. */
export function MeasuredWhen() {
  return (
    <p class="source">
      The training loss is measured before each update, and over an epoch of many batches while the
      parameters change; the test loss after the last update, without dropout, and of images as they
      are. So the test set may do better, above all in the first epochs.
    </p>
  );
}
