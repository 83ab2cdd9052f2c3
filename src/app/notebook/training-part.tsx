/** Part 8: the loop itself, with its settings, its log, its curves and the backends side by side. */
import { BackendChoice } from '../components/backend-choice';
import { Button } from '../components/button';
import { Comparison } from '../components/comparison';
import { ACCURACY, HistoryChart, LOSS } from '../components/history-chart';
import { MeasuredWhen } from '../components/measured-when';
import { ScrollRegion } from '../components/scroll-region';
import { Setting } from '../components/setting';
import { printedLines } from '../state/printing';
import { useStore } from '../state/store-context';
import { Part } from './part';

export function TrainingPart() {
  return (
    <Part id="training">
      <p>
        Forward, loss, backward, update: one epoch. Start, pause, step and reset are in the bar,
        which stays in view.
      </p>
      <div class="training-settings">
        <Setting name="learningRate" />
        <Setting name="epochs" />
        <BackendChoice />
      </div>
      <Restart />
      <Log />
      <div class="pair wide">
        <HistoryChart measure={LOSS} />
        <HistoryChart measure={ACCURACY} />
      </div>
      <MeasuredWhen />
      <h3 id="comparison">WebGPU and the reference, side by side</h3>
      <p>
        The reference does the same arithmetic in float64, in plain loops that can be read beside
        the notebook. Whatever the GPU does must agree with it.
      </p>
      <Comparison />
    </Part>
  );
}

/** The offer to take over settings that were changed in the middle of a run. */
function Restart() {
  const store = useStore();
  if (!store.isChanged.value) return null;
  return (
    <div class="restart">
      <span>The settings differ from those of this run.</span>
      <Button onPress={() => store.applyAndRestart()}>Apply and restart</Button>
    </div>
  );
}

function Log() {
  const run = useStore().run.value;
  const lines = run === undefined ? [] : printedLines(run);
  return (
    <ScrollRegion class="code log wide" label="Training log">
      <pre>{lines.join('\n')}</pre>
    </ScrollRegion>
  );
}
