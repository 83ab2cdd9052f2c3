/** Loss and accuracy of the run. */
import { ACCURACY, HistoryChart, LOSS } from '../components/history-chart';

export function Curves() {
  return (
    <section class="curves" aria-label="Curves">
      <HistoryChart measure={LOSS} />
      <HistoryChart measure={ACCURACY} />
    </section>
  );
}
