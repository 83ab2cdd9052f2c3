/** How the page looks: theme, presenter mode, full screen, and the way to the list of shortcuts. */
import { useContext } from 'preact/hooks';
import { useStore } from '../state/store-context';
import {
  canFillScreen,
  isFullScreen,
  isPresenting,
  toggleFullScreen,
  togglePresenter,
} from '../views/presentation';
import { Button } from './button';
import { CloseDialog } from './dialog';
import { Segments } from './segments';
import { openShortcuts } from './shortcuts';
import { chooseTheme, THEMES, theme } from './theme';

const TITLES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

export function ViewMenu() {
  const store = useStore();
  const close = useContext(CloseDialog);
  return (
    <div class="view-menu">
      <fieldset class="field">
        <legend class="field-label">Theme</legend>
        <div class="segments">
          <Segments
            name="theme"
            choices={THEMES}
            titleOf={(name) => TITLES[name]}
            chosen={theme.value}
            onChoose={chooseTheme}
          />
        </div>
      </fieldset>
      <Entry
        label="Presenter mode"
        help="Large type, controls folded, 100 epochs a second."
        isPressed={isPresenting.value}
        onPress={() => {
          togglePresenter(store);
          close();
        }}
      />
      {canFillScreen && (
        <Entry
          label="Full screen"
          help="Escape gives the screen back."
          isPressed={isFullScreen.value}
          onPress={() => toggleFullScreen(store)}
        />
      )}
      <Entry
        label="Keyboard shortcuts"
        help="The question mark opens their list as well."
        onPress={() => {
          close();
          openShortcuts();
        }}
      />
    </div>
  );
}

interface EntryProps {
  readonly label: string;
  readonly help: string;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

function Entry({ label, help, ...button }: EntryProps) {
  return (
    <div>
      <Button {...button}>{label}</Button>
      <p class="field-help">{help}</p>
    </div>
  );
}
