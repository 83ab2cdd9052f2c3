/** What can be changed of a run while it trains, without starting again; and after its end, how it goes on. */
import { useEffect, useState } from 'preact/hooks';
import {
  CHANGEABLE_KEYS,
  type ChangeableKey,
  settingsAt,
} from '../../../training/configuration/changes';
import { type Configuration, FIELDS } from '../../../training/configuration/fields';
import { whyIdle } from '../../../training/configuration/idle';
import { formatField, parseField } from '../../../training/configuration/text';
import { InvalidInputError } from '../../../training/errors';
import { Button } from '../../components/button';
import { changedKeys, courseOfSetting } from '../../state/changes';
import { integer } from '../../state/format';
import type { Run } from '../../state/run';
import { useStore } from '../../state/store-context';
import './live-settings.css';

/** Keeps its place before there is a run, so that nothing moves when there is. */
export function LiveSettings() {
  const store = useStore();
  // The same number of epochs may be wanted once more.
  const [more, setMore] = useState<string | undefined>(undefined);
  const run = store.run.value;
  const configuration = run?.configuration ?? store.settings.configuration.value;
  return (
    <section class="live" aria-labelledby="live-heading">
      <div class="live-head">
        <h2 id="live-heading">{run?.isOver ? 'Train on' : 'While it trains'}</h2>
        <p>{courseOf(run, configuration)}</p>
      </div>
      {run?.isOver ? (
        <TrainOn key={run.id} run={run} wanted={more} onWant={setMore} />
      ) : (
        <div key="changes" class="live-fields">
          {CHANGEABLE_KEYS.filter((key) => whyIdle(key, configuration) === undefined).map((key) => (
            <LiveField key={key} name={key} run={run} configuration={configuration} />
          ))}
        </div>
      )}
    </section>
  );
}

function courseOf(run: Run | undefined, configuration: Configuration): string {
  const changed = changedKeys(configuration);
  if (changed.length > 0) {
    const parts = changed.map(
      (key) => `${FIELDS[key].label} ${courseOfSetting(configuration, key)}`,
    );
    return `${parts.join('; ')}. They are part of the link to this run.`;
  }
  if (run?.isOver) return 'As if the run had been that long from the start.';
  return hasBegun(run)
    ? 'A new value holds from the next epoch on.'
    : 'Can be changed once training has begun.';
}

function hasBegun(run: Run | undefined): boolean {
  return run !== undefined && (run.done > 0 || run.isBusy);
}

interface FieldProps {
  readonly name: ChangeableKey;
  readonly run: Run | undefined;
  readonly configuration: Configuration;
}

function LiveField({ name, run, configuration }: FieldProps) {
  const store = useStore();
  const { label } = FIELDS[name];
  const now = formatField(settingsAt(configuration, Math.ceil(run?.done ?? 0))[name]);
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const isDisabled = !hasBegun(run);
  const id = `live-${name}`;
  const change = async (text: string) => {
    try {
      const value = parseField(name, text) as number;
      setProblem(undefined);
      if (formatField(value) !== now) await store.change({ [name]: value });
      setDraft(undefined);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      setProblem(`“${text}” is not ${error.allowed}.`);
    }
  };
  // Another run, or another change, has another value.
  useEffect(() => {
    setDraft(undefined);
    setProblem(undefined);
  }, [now, run]);
  return (
    <div class="live-field">
      <label for={id}>{label}</label>
      {name === 'learningRate' && (
        <input
          type="range"
          min={LEAST_EXPONENT}
          max={MOST_EXPONENT}
          step="0.05"
          disabled={isDisabled}
          aria-label={`${label}, on a logarithmic scale`}
          aria-valuetext={draft ?? now}
          value={Math.log10(Number(draft ?? now)) || LEAST_EXPONENT}
          onInput={({ currentTarget: { valueAsNumber } }) => setDraft(rateOf(valueAsNumber))}
          onChange={({ currentTarget: { valueAsNumber } }) => change(rateOf(valueAsNumber))}
        />
      )}
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        disabled={isDisabled}
        value={draft ?? now}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={({ currentTarget: { value } }) => setDraft(value)}
        onChange={({ currentTarget: { value } }) => change(value)}
      />
      {problem !== undefined && (
        <span id={`${id}-problem`} class="field-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

/** Powers of ten that the slider spans. */
const LEAST_EXPONENT = -4;
const MOST_EXPONENT = 1;

/** A learning rate of two digits. */
function rateOf(exponent: number): string {
  return String(Number((10 ** exponent).toPrecision(2)));
}

interface TrainOnProps {
  readonly run: Run;
  /** The epochs that were asked for last, as they were typed; none before anybody did. */
  readonly wanted: string | undefined;
  readonly onWant: (text: string) => void;
}

function TrainOn({ run, wanted, onWant }: TrainOnProps) {
  const store = useStore();
  const { epochs, schedule } = run.configuration;
  const more = wanted ?? String(Math.min(epochs, FIELDS.epochs.maximum - epochs));
  const obstacle = run.hasDiverged.value
    ? 'The run has diverged, so it cannot be trained on.'
    : schedule === 'cosine'
      ? 'The schedule Cosine ends with the last epoch, so a longer run has to start again.'
      : undefined;
  if (obstacle !== undefined) return <p class="live-obstacle">{obstacle}</p>;
  const count = /^\d{1,7}$/.test(more.trim()) ? Number(more) : 0;
  const isAllowed = count >= 1 && epochs + count <= FIELDS.epochs.maximum;
  const most = integer(FIELDS.epochs.maximum - epochs);
  return (
    <div class="live-fields">
      <div class="live-field">
        <label for="live-more">More epochs</label>
        <input
          id="live-more"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          value={more}
          aria-invalid={!isAllowed}
          aria-describedby={isAllowed ? undefined : 'live-more-problem'}
          onInput={({ currentTarget: { value } }) => onWant(value)}
        />
        {!isAllowed && (
          <span id="live-more-problem" class="field-problem" role="alert">
            A whole number from 1 to {most}.
          </span>
        )}
      </div>
      <Button
        isPrimary
        isDisabled={!isAllowed}
        onPress={() => {
          onWant(more);
          store.trainOn(epochs + count);
        }}
      >
        Train on
      </Button>
    </div>
  );
}
