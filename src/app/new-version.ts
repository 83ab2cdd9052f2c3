/** A version of the page that was deployed while this one is open: it waits until it is asked for. */
import { signal } from '@preact/signals';
import { scriptUrl } from './script-url';

interface NewVersion {
  /** Turns the page over to it. */
  readonly take: () => Promise<void>;
  /** Whether another tab has: then the files that this one has not fetched yet are gone with the old version. */
  readonly isTaken: boolean;
}

/** Undefined while there is none. */
export const newVersion = signal<NewVersion | undefined>(undefined);

/** How often a page that stays open looks for another version. */
const LOOK_MS = 3_600_000;

/** Registers the built page's service worker, and follows what it finds. */
export async function followVersions(): Promise<void> {
  const { serviceWorker }: Partial<Navigator> = navigator;
  if (serviceWorker === undefined || import.meta.env.DEV) return;
  let isFollowed = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    // The first worker of the first visit brings nothing new.
    if (isFollowed) newVersion.value = { take: async () => location.reload(), isTaken: true };
    isFollowed = true;
  });
  // It keeps every file of the page, for which the page itself should not have to wait.
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
  }
  try {
    await serviceWorker.register(scriptUrl('./sw.js'));
  } catch {
    return; // Storage is forbidden, or no network: the page works without.
  }
  const registration = await serviceWorker.ready;
  const offer = () => {
    const { waiting } = registration;
    if (waiting === null) return;
    const take = async () => {
      const taken = new Promise((resolve) => {
        serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
      waiting.postMessage({ type: 'SKIP_WAITING' });
      await taken;
      location.reload();
    };
    newVersion.value = { take, isTaken: false };
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  setInterval(() => registration.update().catch(() => undefined), LOOK_MS);
}
