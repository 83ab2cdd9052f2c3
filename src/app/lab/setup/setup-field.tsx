/** One setting of the lab: a real control with its label, what it does, its range and what is wrong. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type DatasetName, datasetOf } from '../../../data/registry';
import { allowedValues } from '../../../training/configuration/check';
import { FIELD_HELP } from '../../../training/configuration/field-help';
import { type ConfigurationKey, FIELDS, type Field } from '../../../training/configuration/fields';
import { whyIdle } from '../../../training/configuration/idle';
import { parseField } from '../../../training/configuration/text';
import { Select } from '../../components/select';
import { choiceName } from '../../state/choice-names';
import type { Store } from '../../state/store';
import { useStore } from '../../state/store-context';
import { companionsOf } from '../state/companions';
import { leftOutOf, leftOutWords, sayLayers } from '../state/left-out';
import { STOPS, StopSlider } from './stop-slider';
import { useSought } from './use-sought';

interface ControlProps {
  readonly name: ConfigurationKey;
  /** What every control has: its name for the label, what describes it, whether it is in use and right. */
  readonly attributes: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
    readonly disabled: boolean;
  };
}

export function SetupField({ name }: { readonly name: ConfigurationKey }) {
  const { settings } = useStore();
  const field: Field = FIELDS[name];
  const problem = settings.problems.value[name];
  const idle = whyIdle(name, settings.configuration.value);
  const id = `setup-${name}`;
  useSought(name, id);
  const attributes = {
    ...{ id, 'aria-describedby': `${id}-help` },
    ...{ 'aria-invalid': problem !== undefined, disabled: idle !== undefined },
  };
  const isWide = name === 'classes' || name === 'dataset';
  const classes = ['setup-field', idle !== undefined && 'is-idle', isWide && 'is-wide'];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <label class="setup-label" id={`${id}-label`} for={name === 'classes' ? undefined : id}>
        {field.label}
      </label>
      {controlOf(field, { name, attributes })}
      <Slider name={name} attributes={attributes} />
      <p
        id={`${id}-help`}
        class={problem === undefined ? 'setup-help' : 'setup-help field-problem'}
      >
        {problem ?? (
          <>
            <span class="setup-explanation">{FIELD_HELP[name]} </span>
            {idle ?? <span class="setup-explanation">{rangeOf(name, field)}</span>}
            {name === 'dataset' && <LeftOut />}
          </>
        )}
      </p>
    </div>
  );
}

/** Where data are chosen: which layers have no place there. */
function LeftOut() {
  const leftOut = leftOutOf(useStore().settings);
  return leftOut === undefined ? null : <> {leftOutWords(leftOut)}</>;
}

function rangeOf(name: ConfigurationKey, field: Field): ComponentChildren {
  if (field.kind === 'choice') return <CodeName name={name} />;
  if (field.kind === 'dataset') {
    return (
      <>
        Settings that nobody has changed follow it, and layers that do not fit it are left out.{' '}
        <CodeName name={name} />
      </>
    );
  }
  if (field.kind === 'boolean' || name === 'classes') return null;
  const allowed = allowedValues(name);
  const unit = 'unit' in field && field.unit !== undefined ? `, in ${field.unit}` : '';
  return (
    <>
      {allowed[0].toUpperCase()}
      {allowed.slice(1)}
      {unit}.
    </>
  );
}

function controlOf(field: Field, props: ControlProps) {
  switch (field.kind) {
    case 'boolean':
      return <Toggle {...props} />;
    case 'choice':
      return <Choice {...props} choices={field.choices} />;
    case 'dataset':
      return <DatasetChoice {...props} choices={field.choices} />;
    case 'integers':
      return props.name === 'classes' ? <Classes {...props} /> : <Text {...props} />;
    case 'layers':
    case 'points':
    case 'start':
    case 'changes':
    case 'integer':
    case 'number':
      return <Text {...props} />;
    default:
      return field satisfies never;
  }
}

/** Takes a value over at once, with what must change together with it. */
function change(store: Store, name: ConfigurationKey, text: string): void {
  const { settings, announcer } = store;
  const { configuration, past } = settings;
  const leftOut = leftOutOf(settings);
  settings.edit(name, text, companionsOf(name, text, configuration.value, past.value));
  store.settingsChanged();
  const layers = name === 'dataset' && sayLayers(settings, leftOut);
  if (layers) announcer.say(layers);
}

/** What the chosen value is called in files, links and on the command line, where that is another word. */
function CodeName({ name }: { readonly name: ConfigurationKey }) {
  const code = useStore().settings.textOf(name);
  return choiceName(name, code) === code ? null : (
    <>
      In links and files: <code>{code}</code>.
    </>
  );
}

/** Beside a number that people try a few values of. */
function Slider({ name, attributes }: ControlProps) {
  const store = useStore();
  const stops = STOPS[name];
  const value = store.settings.configuration.value[name];
  if (stops === undefined || typeof value !== 'number') return null;
  return (
    <StopSlider
      id={`${attributes.id}-slider`}
      label={FIELDS[name].label}
      {...{ stops, value }}
      describedBy={attributes['aria-describedby']}
      isDisabled={attributes.disabled}
      onChange={(stop) => change(store, name, String(stop))}
    />
  );
}

function Text({ name, attributes }: ControlProps) {
  const store = useStore();
  const { settings } = store;
  // What is typed stays as it is, though `0.10` is already the same as `0.1`.
  const [draft, setDraft] = useState<string | undefined>(undefined);
  return (
    <input
      {...attributes}
      type="text"
      inputMode={FIELDS[name].kind === 'integer' ? 'numeric' : 'text'}
      autocomplete="off"
      spellcheck={false}
      value={draft ?? settings.textOf(name)}
      onInput={({ currentTarget: { value } }) => {
        setDraft(value);
        // Half a number is no mistake yet.
        if (isValue(name, value)) settings.edit(name, value);
      }}
      onChange={({ currentTarget: { value } }) => {
        setDraft(undefined);
        change(store, name, value);
      }}
      onBlur={() => setDraft(undefined)}
    />
  );
}

function isValue(name: ConfigurationKey, text: string): boolean {
  try {
    parseField(name, text);
    return true;
  } catch {
    return false;
  }
}

function Choice({
  name,
  attributes,
  choices,
}: ControlProps & { readonly choices: readonly string[] }) {
  const store = useStore();
  return (
    <Select
      {...attributes}
      choices={choices}
      titleOf={(choice) => choiceName(name, choice)}
      chosen={store.settings.textOf(name)}
      onChoose={(choice) => change(store, name, choice)}
    />
  );
}

/** Beside what comes with the program, the file that is chosen. */
function DatasetChoice({
  choices,
  ...props
}: ControlProps & { readonly choices: readonly DatasetName[] }) {
  const store = useStore();
  // What is in a file is known once the worker has read it.
  store.lesson.value;
  const { dataset } = store.settings.configuration.value;
  const all = choices.includes(dataset) ? choices : [...choices, dataset];
  return <Choice {...props} choices={all} />;
}

function Toggle({ name, attributes }: ControlProps) {
  const store = useStore();
  return (
    <input
      {...attributes}
      type="checkbox"
      checked={store.settings.textOf(name) === 'true'}
      onChange={({ currentTarget: { checked } }) => change(store, name, String(checked))}
    />
  );
}

function Classes({ name, attributes: { id, 'aria-describedby': describedBy } }: ControlProps) {
  const store = useStore();
  const chosen = store.settings.textOf(name).split(',').filter(Boolean);
  // What is in a file is known once the worker has read it.
  store.lesson.value;
  const { classNames } = datasetOf(store.settings.configuration.value.dataset);
  return (
    <fieldset
      class="segments classes"
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
    >
      {classNames.map((className, index) => (
        <label key={className}>
          <input
            type="checkbox"
            checked={chosen.includes(`${index}`)}
            onChange={({ currentTarget: { checked } }) => {
              const others = chosen.filter((other) => other !== `${index}`);
              change(store, name, (checked ? [...others, `${index}`] : others).join(','));
            }}
          />
          <span>{className}</span>
        </label>
      ))}
    </fieldset>
  );
}
