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
      <Button onPress={version.take}>Take it</Button>
    </div>
  );
}

function whenItComes(others: number): string {
  if (others === 0) {
    return 'This page goes on with its own files; the new version comes with the next visit, or now. A run is kept.';
  }
  const tabs =
    others === 1 ? 'the other tab of this page is' : `the ${others} other tabs of this page are`;
  return `It waits until ${tabs} closed, which would lose files that they have not opened yet.`;
}
