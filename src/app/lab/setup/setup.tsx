/** The rail: every setting, in groups, with what the network and the schedule become by it. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { checkConfiguration } from '../../../training/configuration/check';
import {
  CONFIGURATION_KEYS,
  DEFAULTS,
  FIELDS,
  type FieldGroup,
} from '../../../training/configuration/fields';
import { formatField } from '../../../training/configuration/text';
import { findPreset, PRESETS } from '../../../training/presets';
import { BackendChoice } from '../../components/backend-choice';
import { Button } from '../../components/button';
import { Select } from '../../components/select';
import { recall, remember } from '../../state/memory';
import { isSameConfiguration } from '../../state/settings';
import { useStore } from '../../state/store-context';
import { LayerRows } from './layer-rows';
import { SetupField } from './setup-field';
import { SetupLayers } from './setup-layers';
import { SetupPlan } from './setup-plan';
import { SetupSchedule } from './setup-schedule';
import './setup.css';

const GROUPS = [
  { name: 'network', title: 'Network', isOpen: true },
  { name: 'optimizer', title: 'Optimizer', isOpen: true },
  { name: 'run', title: 'Run', isOpen: true },
  { name: 'data', title: 'Data and seed', isOpen: true },
  { name: 'schedule', title: 'Learning-rate schedule', isOpen: false },
  { name: 'regularization', title: 'Regularization', isOpen: false },
] as const satisfies readonly { name: FieldGroup; title: string; isOpen: boolean }[];

/** The name under which it is remembered that every setting is explained. */
const EXPLAINED = 'shaderprop.explained';

export function Setup() {
  // Only a narrow window folds it: see the style sheet.
  const [wantsFolded, setFolded] = useState(true);
  const isSought = useStore().faultyField.value !== undefined;
  const isFolded = wantsFolded && !isSought;
  const [isExplained, setExplained] = useState(recall(EXPLAINED) !== null);
  // The field that has been found stays in sight.
  useEffect(() => {
    if (isSought) setFolded(false);
  }, [isSought]);
  return (
    <aside
      class={['setup', isFolded && 'is-folded', isExplained && 'is-explained']
        .filter(Boolean)
        .join(' ')}
      aria-label="Setup"
    >
      <div class="setup-head">
        <div class="setup-title">
          <h2>Setup</h2>
          <Button class="setup-fold" isExpanded={!isFolded} onPress={() => setFolded(!isFolded)}>
            {isFolded ? 'Show the settings' : 'Hide the settings'}
          </Button>
        </div>
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
      {GROUPS.map((group) => (
        <FieldGroupBox key={group.name} {...group} />
      ))}
      <Group title="WebGPU plan" isOpen={false}>
        <SetupPlan />
      </Group>
      <Actions />
    </aside>
  );
}

/** The challenges, to start from. */
function PresetChoice() {
  const store = useStore();
  const current = PRESETS.find(({ configuration }) =>
    isSameConfiguration(checkConfiguration(configuration), store.settings.configuration.value),
  );
  return (
    <div class="field">
      <label class="field-label" for="setup-preset">
        Start from
      </label>
      <Select
        id="setup-preset"
        choices={[...(current === undefined ? [''] : []), ...PRESETS.map(({ name }) => name)]}
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

function FieldGroupBox({ name, title, isOpen }: (typeof GROUPS)[number]) {
  const { settings } = useStore();
  const keys = CONFIGURATION_KEYS.filter((key) => FIELDS[key].group === name);
  const configuration = settings.configuration.value;
  const changed = keys.filter(
    (key) => formatField(configuration[key]) !== formatField(DEFAULTS[key]),
  ).length;
  return (
    <Group title={title} isOpen={isOpen} note={changed === 0 ? '' : `${changed} changed`}>
      {keys.map((key) =>
        FIELDS[key].kind === 'layers' ? (
          <LayerRows key={key} />
        ) : (
          <SetupField key={key} name={key} />
        ),
      )}
      {name === 'network' && <SetupLayers />}
      {name === 'schedule' && <SetupSchedule />}
    </Group>
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
