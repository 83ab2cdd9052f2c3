/** The notebook's challenges: what is asked, what was found, and a table of them all on this machine. */
import { checkConfiguration } from '../../../../training/configuration/check';
import type { Configuration } from '../../../../training/configuration/fields';
import { PRESETS, type Preset } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { integer, printedNumber } from '../../../state/format';
import { isSameConfiguration } from '../../../state/settings';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';
import { type RunBook, runBookOf } from '../../state/run-book';
import type { RunEntry } from '../../state/run-entry';
import { ChallengesTable } from './challenges-table';
import './challenges.css';

export function ChallengesPanel() {
  return (
    <div class="presets">
      <ChallengesTable />
      <ol class="preset-list">
        {PRESETS.map((preset) => (
          <PresetItem key={preset.name} preset={preset} />
        ))}
      </ol>
    </div>
  );
}

/** Asks first: what was found is shown once the challenge has been tried, or when somebody wants it. */
function PresetItem({ preset }: { readonly preset: Preset }) {
  const store = useStore();
  const configuration = checkConfiguration(preset.configuration);
  const isLoaded = isSameConfiguration(configuration, store.settings.configuration.value);
  const own = triedIn(runBookOf(store), configuration);
  const actions = [
    ['Load', 'Take these settings over', () => store.settingsChanged()],
    ['Train', 'Take these settings over and train', () => trainInSight(store, preset.challenge)],
  ] as const;
  const id = `preset-${preset.name}`;
  return (
    <li class="preset" aria-labelledby={id}>
      <div>
        <h3 id={id}>
          {preset.challenge}
          {isLoaded && <span class="preset-mark"> · these are the settings now</span>}
        </h3>
        <p class="preset-question">{preset.question}</p>
        {own !== undefined && <p class="preset-own">{resultOf(own)}</p>}
        <details class="disclosure" open={own !== undefined}>
          <summary>
            Show what we found<span class="visually-hidden">: {preset.challenge}</span>
          </summary>
          <p class="preset-finding">{preset.finding}</p>
        </details>
      </div>
      <div class="preset-buttons">
        {actions.map(([label, title, apply]) => (
          <Button
            key={label}
            title={title}
            onPress={() => {
              store.settings.replace(configuration);
              apply();
            }}
          >
            {label}
            <span class="visually-hidden"> {preset.challenge}</span>
          </Button>
        ))}
      </div>
    </li>
  );
}

/** The last run of these settings that came to its end. */
function triedIn(book: RunBook, configuration: Configuration): RunEntry | undefined {
  return book.entries.value.find(
    ({ run, history, configuration: tried }) =>
      isSameConfiguration(tried, configuration) &&
      (run === undefined ? history.epochs.at(-1) === configuration.epochs : run.isOver),
  );
}

/** The accuracy that the findings speak of. */
const GOAL = 0.99;

function resultOf({ history }: RunEntry): string {
  const { valAccuracy, valLoss } = history.columns;
  const reached = valAccuracy.findIndex((accuracy) => accuracy >= GOAL);
  const epoch =
    reached < 0
      ? `${100 * GOAL} % test accuracy was not reached`
      : `${100 * GOAL} % test accuracy at epoch ${integer(history.epochs[reached])}`;
  const loss = printedNumber(valLoss[valLoss.length - 1]);
  return `Your run: ${epoch}; a test loss of ${loss} after ${integer(history.epochs[history.epochs.length - 1])} epochs.`;
}

/** Trains, and brings into sight where that is seen. */
function trainInSight(store: Store, challenge: string): void {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  document
    .querySelector('.lab-stage')
    ?.scrollIntoView({ behavior: isCalm ? 'instant' : 'smooth', block: 'nearest' });
  store.applyAndRestart(challenge);
}
