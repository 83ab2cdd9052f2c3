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
        {version.isTaken
          ? 'Another tab took it, and what this one has not opened yet comes with it only. A run is kept.'
          : 'This page goes on with its own files; the new version comes with the next visit, or now. A run is kept.'}
      </div>
      <Button onPress={version.take}>Take it</Button>
    </div>
  );
}
