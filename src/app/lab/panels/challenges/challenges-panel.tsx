/** The notebook's challenges: what is asked, what was found, and a table of them all on this machine. */
import { checkConfiguration } from '../../../../training/configuration/check';
import { PRESETS, type Preset } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { isSameConfiguration } from '../../../state/settings';
import { useStore } from '../../../state/store-context';
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

function PresetItem({ preset }: { readonly preset: Preset }) {
  const store = useStore();
  const configuration = checkConfiguration(preset.configuration);
  const isLoaded = isSameConfiguration(configuration, store.settings.configuration.value);
  const actions = [
    ['Load', 'Take these settings over', () => store.settingsChanged()],
    ['Train', 'Take these settings over and train', () => store.applyAndRestart()],
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
        <p class="preset-finding">{preset.finding}</p>
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
