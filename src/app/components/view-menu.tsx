/** How the page looks: theme, presenter mode, full screen, and the way to the list of shortcuts. */
import { useStore } from '../state/store-context';
import {
  canFillScreen,
  isFullScreen,
  isPresenting,
  toggleFullScreen,
  togglePresenter,
} from '../views/presentation';
import { Button } from './button';
import { Segments } from './segments';
import { openShortcuts } from './shortcuts';
import { chooseTheme, THEMES, theme } from './theme';

const TITLES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

export function ViewMenu({ onClose }: { readonly onClose: () => void }) {
  const store = useStore();
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
      <div>
        <Button
          isPressed={isPresenting.value}
          onPress={() => {
            togglePresenter(store);
            onClose();
          }}
        >
          Presenter mode
        </Button>
        <p class="field-help">Large type, controls folded, 100 epochs a second.</p>
      </div>
      {canFillScreen && (
        <div>
          <Button isPressed={isFullScreen.value} onPress={() => toggleFullScreen(store)}>
            Full screen
          </Button>
          <p class="field-help">Escape gives the screen back.</p>
        </div>
      )}
      <div>
        <Button
          onPress={() => {
            onClose();
            openShortcuts();
          }}
        >
          Keyboard shortcuts
        </Button>
        <p class="field-help">The question mark opens their list as well.</p>
      </div>
    </div>
  );
}
