/** Every setting, in groups that fold, with what the network and the schedule become by it. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { checkConfiguration } from '../../../training/configuration/check';
import {
  CONFIGURATION_KEYS,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
  type FieldGroup,
} from '../../../training/configuration/fields';
import { formatField } from '../../../training/configuration/text';
import { findPreset, NAMED_PRESETS } from '../../../training/presets';
import { BackendChoice } from '../../components/backend-choice';
import { Button } from '../../components/button';
import { Lazy } from '../../components/lazy';
import { Select } from '../../components/select';
import { recall, remember } from '../../state/memory';
import { isSameConfiguration } from '../../state/settings';
import { useStore } from '../../state/store-context';
import { LayerRows } from './layer-rows';
import { OwnData } from './own-data/own-data';
import { SetupField } from './setup-field';
import { SetupLayers } from './setup-layers';
import { SetupPlan } from './setup-plan';
import { SetupSchedule } from './setup-schedule';
import './setup.css';

const loadStartFrom = async () => (await import('./start-from/start-from')).StartFrom;

interface GroupOfFields {
  readonly name: FieldGroup;
  readonly title: string;
  readonly isOpen: boolean;
}

/** What is trained, and how: beside each other where there is room. */
const WHAT: readonly GroupOfFields[] = [
  { name: 'network', title: 'Network', isOpen: true },
  { name: 'data', title: 'Data and seed', isOpen: true },
  { name: 'transfer', title: 'Transfer', isOpen: false },
];
const HOW: readonly GroupOfFields[] = [
  { name: 'optimizer', title: 'Optimizer', isOpen: true },
  { name: 'run', title: 'Run', isOpen: true },
  { name: 'schedule', title: 'Learning-rate schedule', isOpen: false },
  { name: 'regularization', title: 'Regularization', isOpen: false },
];

/** The name under which it is remembered that every setting is explained. */
const EXPLAINED = 'shaderprop.explained';

export function Setup() {
  const [isExplained, setExplained] = useState(recall(EXPLAINED) !== null);
  return (
    <div class={isExplained ? 'setup is-explained' : 'setup'}>
      <h2 class="visually-hidden">Settings</h2>
      <div class="setup-head">
        <PresetChoice />
        <BackendChoice />
        <label class="setup-explain">
          <input
            type="checkbox"
            checked={isExplained}
            onChange={({ currentTarget: { checked } }) => {
              setExplained(checked);
              remember(EXPLAINED, checked ? 'yes' : null);
            }}
          />
          Explain every setting
        </label>
      </div>
      <div class="setup-groups">
        <div>
          {WHAT.map((group) => (
            <FieldGroupBox key={group.name} {...group} />
          ))}
        </div>
        <div>
          {HOW.map((group) => (
            <FieldGroupBox key={group.name} {...group} />
          ))}
          <Group title="WebGPU plan" isOpen={false}>
            <SetupPlan />
          </Group>
        </div>
      </div>
      <Actions />
    </div>
  );
}

/** Presets to start from. */
function PresetChoice() {
  const store = useStore();
  const current = NAMED_PRESETS.find(({ configuration }) =>
    isSameConfiguration(checkConfiguration(configuration), store.settings.configuration.value),
  );
  return (
    <div class="field">
      <label class="field-label" for="setup-preset">
        Start from
      </label>
      <Select
        id="setup-preset"
        choices={[...(current === undefined ? [''] : []), ...NAMED_PRESETS.map(({ name }) => name)]}
        titleOf={(name) => (name === '' ? 'Settings of your own' : findPreset(name).challenge)}
        chosen={current?.name ?? ''}
        onChoose={(name) => {
          store.settings.replace(checkConfiguration(findPreset(name).configuration));
          store.settingsChanged();
        }}
      />
    </div>
  );
}

function FieldGroupBox({ name, title, isOpen }: GroupOfFields) {
  const { settings } = useStore();
  const keys = CONFIGURATION_KEYS.filter((key) => FIELDS[key].group === name);
  const configuration = settings.configuration.value;
  const changed = keys.filter(
    (key) => formatField(configuration[key]) !== formatField(DEFAULTS[key]),
  ).length;
  // What is asked for is in sight, and stays so.
  const isAsked = useRef(false);
  isAsked.current ||= name === 'transfer' && settings.textOf('from') !== '';
  return (
    <Group
      title={title}
      isOpen={isOpen || isAsked.current}
      note={changed === 0 ? '' : `${changed} changed`}
    >
      {keys.map((key) => controlOf(key))}
      {name === 'data' && <OwnData />}
      {name === 'network' && <SetupLayers />}
      {name === 'schedule' && <SetupSchedule />}
    </Group>
  );
}

function controlOf(key: ConfigurationKey) {
  switch (FIELDS[key].kind) {
    case 'layers':
      return <LayerRows key={key} />;
    case 'start':
      return <StartFromLater key={key} />;
    default:
      return <SetupField key={key} name={key} />;
  }
}

/** Loaded when its group is unfolded, or says something: a first visit does without. */
function StartFromLater() {
  const { settings } = useStore();
  const place = useRef<HTMLDivElement>(null);
  const [isUnfolded, setUnfolded] = useState(false);
  useEffect(() => {
    const group = place.current?.closest('details');
    const unfold = () => setUnfolded(true);
    group?.addEventListener('toggle', unfold);
    return () => group?.removeEventListener('toggle', unfold);
  }, []);
  return (
    <div ref={place}>
      {(isUnfolded || settings.textOf('from') !== '') && (
        <Lazy load={loadStartFrom} title={FIELDS.from.label} />
      )}
    </div>
  );
}

function Group({
  title,
  isOpen,
  note = '',
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  /** How far the group is from the defaults, also while it is folded. */
  readonly note?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <details class="setup-group" open={isOpen}>
      <summary>
        <h3>{title}</h3>
        <span class="setup-note">{note}</span>
      </summary>
      {children}
    </details>
  );
}

/** Always in view, so that nothing moves when an edit in the middle of a run asks for a restart. */
function Actions() {
  const store = useStore();
  const { settings } = store;
  const run = store.run.value;
  const hasBegun = run !== undefined && (run.isBusy || run.done > 0);
  const canUndo = settings.past.value.length > 0 || Object.keys(settings.texts.value).length > 0;
  return (
    <div class="setup-actions">
      <p class="setup-help">
        {store.isChanged.value
          ? 'The settings differ from those of this run.'
          : hasBegun
            ? 'These are the settings of this run.'
            : 'Changes take effect at once.'}
      </p>
      <div class="setup-buttons">
        <Button isDisabled={!canUndo} onPress={() => store.undo()}>
          Undo
        </Button>
        <Button
          isPrimary={store.isChanged.value}
          isDisabled={!store.isChanged.value}
          onPress={() => store.applyAndRestart()}
        >
          Apply and restart
        </Button>
      </div>
    </div>
  );
}
