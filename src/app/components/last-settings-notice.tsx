/** Offers the settings of the last visit, where the address names none. */
import { lastSettings, takeLastSettings } from '../link';
import { differencesOf } from '../state/differences';
import { backendTitle } from '../state/names';
import { isSameConfiguration } from '../state/settings';
import { useStore } from '../state/store-context';
import { Button } from './button';
import { CloseNotice } from './close-notice';

export function LastSettingsNotice() {
  const store = useStore();
  const last = lastSettings.value;
  if (last === undefined) return null;
  const kept = store.earlier.offered.value;
  // A run that is offered brings its settings along.
  if (kept !== undefined && isSameConfiguration(kept.configuration, last.configuration))
    return null;
  return (
    <div class="notice notice-with-button" role="status">
      <div>
        <strong>Go on with your last settings?</strong>
        {differencesOf(last.configuration)} · {backendTitle(last.backend)}. Until then these are the
        notebook’s.
      </div>
      <Button onPress={() => takeLastSettings(store)}>Use them</Button>
      <CloseNotice shown={lastSettings} />
    </div>
  );
}
