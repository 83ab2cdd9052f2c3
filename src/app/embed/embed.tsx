/** The view for an iframe: start and stop, loss and accuracy with their curves, and who computes. */
import { DataTable } from '../components/data-table';
import { ACCURACY, HistoryChart, LOSS } from '../components/history-chart';
import { NoticeBox } from '../components/notice-box';
import { Transport } from '../components/transport';
import { linkOf } from '../link';
import { printedNumber } from '../state/format';
import { backendTitle } from '../state/names';
import { useStore } from '../state/store-context';
import '../styles/embed.css';

export function Embed() {
  const store = useStore();
  return (
    <main class="embed" id="main" tabIndex={-1} aria-labelledby="embed-heading">
      <h1 class="visually-hidden" id="embed-heading">
        Shaderprop: a neural network from scratch
      </h1>
      <NoticeBox />
      <Transport />
      <Numbers />
      <div class="embed-charts">
        <HistoryChart measure={LOSS} />
        <HistoryChart measure={ACCURACY} />
      </div>
      <p class="source embed-source">
        <Who />
        <a href={`${linkOf(store)}#lab`} target="_blank" rel="noopener">
          Open this run in Shaderprop
        </a>
      </p>
    </main>
  );
}

/** The last epoch's metrics; dashes before the first, so that nothing moves. */
function Numbers() {
  const run = useStore().run.value;
  const metrics = run?.history.at(-1);
  const text = (value: number | undefined) => (value === undefined ? '–' : printedNumber(value));
  return (
    <DataTable
      columns={['Set', 'Loss', 'Accuracy']}
      rows={[
        ['Train', text(metrics?.loss), text(metrics?.accuracy)],
        ['Test', text(metrics?.valLoss), text(metrics?.valAccuracy)],
      ]}
    />
  );
}

function Who() {
  const { run, isOpening } = useStore();
  const info = run.value?.info;
  if (info === undefined) return <span>{isOpening.value ? 'Opening the backend…' : ''}</span>;
  return (
    <span>
      {backendTitle(info.name)} in {info.precision}, {info.adapter}
    </span>
  );
}
