/** Offers the version of the page that was deployed meanwhile. */
import { newVersion } from '../new-version';
import { Button } from './button';

export function NewVersionNotice() {
  const take = newVersion.value;
  if (take === undefined) return null;
  return (
    <div class="notice notice-with-button" role="status">
      <div>
        <strong>A new version of this page is ready</strong>
        This page goes on with its own files; the new version comes with the next visit, or now. A
        run is kept.
      </div>
      <Button onPress={take}>Take it</Button>
    </div>
  );
}
