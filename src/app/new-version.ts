/** A version of the page that was deployed while this one is open: it waits until it is asked for. */
import { signal } from '@preact/signals';

/** Turns the page over to the new version; undefined while there is none. */
export const newVersion = signal<(() => Promise<void>) | undefined>(undefined);

/** How often a page that stays open looks for another version. */
const LOOK_MS = 3_600_000;

/** Follows what the service worker of this page finds; without one there is nothing to follow. */
export async function followVersions(): Promise<void> {
  const { serviceWorker }: Partial<Navigator> = navigator;
  if (serviceWorker === undefined) return;
  const registration = await serviceWorker.ready;
  const offer = () => {
    const { waiting } = registration;
    if (waiting === null) return;
    newVersion.value = async () => {
      const taken = new Promise((resolve) => {
        serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
      waiting.postMessage({ type: 'SKIP_WAITING' });
      await taken;
      location.reload();
    };
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  setInterval(() => registration.update().catch(() => undefined), LOOK_MS);
}
