/** Offers the version of the page that was deployed meanwhile. */
import { newVersion } from '../new-version';
import { Button } from './button';

export function NewVersionNotice() {
  const version = newVersion.value;
  if (version === undefined) return null;
  return (
    <div class="notice notice-with-button" role="status">
      <div>
        <strong>A new version of this page is ready</strong>
        {whenItComes(version.others)}
      </div>
      <Button onPress={version.take}>Update now</Button>
    </div>
  );
}

function whenItComes(others: number): string {
  if (others === 0) {
    return 'It comes with the next visit, or now. A run is kept.';
  }
  const tabs =
    others === 1 ? 'the other tab of this page is' : `the ${others} other tabs of this page are`;
  return `It waits until ${tabs} closed: they may still need files of the old version.`;
}
