/** Loss and accuracy of the run and of those before it. */
import { Button } from '../../components/button';
import { ACCURACY, LOSS } from '../../components/history-chart';
import { Segments } from '../../components/segments';
import { useStore } from '../../state/store-context';
import { crosshair, isAccuracyFit, isLogLoss, smoothing, xAxis } from '../state/chart-view';
import { runBookOf } from '../state/run-book';
import { X_AXES, xOf } from '../state/x-axis';
import { CurvesChart } from './curves-chart';
import { saveCsv, savePng, saveSvg } from './curves-files';
import { CurvesTable } from './curves-table';
import './curves.css';

export function Curves() {
  const store = useStore();
  return (
    <section class="curves" aria-labelledby="curves-heading">
      <div class="curves-head">
        <h2 id="curves-heading">Curves</h2>
        <p class="curves-key">
          <svg viewBox="0 0 24 6" aria-hidden="true">
            <path d="M0 3h24" />
          </svg>
          train, before each update
          <svg viewBox="0 0 24 6" aria-hidden="true">
            <path d="M0 3h24" stroke-dasharray="6 3" />
          </svg>
          test, after the epoch
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <circle cx="6" cy="6" r="4" />
          </svg>
          least test loss
        </p>
        <div class="curves-files">
          <Button
            title="Both charts with title and legend, as a picture"
            onPress={() => savePng(store, 'curves.png')}
          >
            PNG
          </Button>
          <Button
            title="The same as lines and letters, for any size"
            onPress={() => saveSvg(store, 'curves.svg')}
          >
            SVG
          </Button>
          <Button
            title="Every epoch of the runs shown"
            onPress={() => saveCsv(runBookOf(store).shown.value, 'runs.csv')}
          >
            CSV
          </Button>
        </div>
      </div>
      <Toolbar />
      <div class="curves-charts">
        <CurvesChart measure={LOSS} />
        <CurvesChart measure={ACCURACY} />
      </div>
      <CurvesTable />
    </section>
  );
}

const CHECKS = { 'Log loss axis': isLogLoss, 'Fit accuracy': isAccuracyFit };

function Toolbar() {
  return (
    <div class="curves-tools">
      <fieldset class="segments">
        <legend class="visually-hidden">Horizontal axis</legend>
        <Segments
          name="x-axis"
          choices={X_AXES}
          titleOf={(axis) => axis}
          chosen={xAxis.value}
          onChoose={(axis) => {
            crosshair.value = undefined;
            xAxis.value = axis;
          }}
        />
      </fieldset>
      {Object.entries(CHECKS).map(([label, isOn]) => (
        <label key={label} class="check">
          <input
            type="checkbox"
            checked={isOn.value}
            onChange={({ currentTarget: { checked } }) => {
              isOn.value = checked;
            }}
          />
          {label}
        </label>
      ))}
      <label class="slider">
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={smoothing.value}
          onInput={({ currentTarget: { valueAsNumber } }) => {
            smoothing.value = valueAsNumber;
          }}
        />
        <output>{smoothing.value === 0 ? 'off' : smoothing.value.toFixed(2)}</output>
      </label>
      <CrosshairSlider />
    </div>
  );
}

/** Moves the crosshair over the selected run without a pointer. */
function CrosshairSlider() {
  const store = useStore();
  const [first] = runBookOf(store).entries.value;
  const length = first?.history.length ?? 0;
  return (
    <label class="slider">
      Read at
      <input
        type="range"
        min="1"
        max={Math.max(1, length)}
        disabled={length === 0}
        value={crosshair.value === undefined ? length : undefined}
        aria-label="Read the values at a row of the selected run"
        onInput={({ currentTarget: { valueAsNumber } }) => {
          if (first === undefined) return;
          crosshair.value =
            valueAsNumber >= length
              ? undefined
              : xOf(first.history, xAxis.value, valueAsNumber - 1);
        }}
      />
    </label>
  );
}
