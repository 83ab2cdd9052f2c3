/** A version of the page that was deployed while this one is open: it waits until it is asked for. */
import { signal } from '@preact/signals';
import { scriptUrl } from './script-url';

interface NewVersion {
  /** Turns the page over to it, unless other tabs would lose their files: then it counts those. */
  readonly take: () => Promise<void>;
  /** Tabs of the old version beside this one, as it was counted when the new one was asked for. */
  readonly others: number;
}

/** Undefined while there is none. */
export const newVersion = signal<NewVersion | undefined>(undefined);

/** How often a page that stays open looks for another version. */
const LOOK_MS = 3_600_000;

/** Registers the built page's service worker, and follows what it finds. */
export async function followVersions(): Promise<void> {
  const { serviceWorker }: Partial<Navigator> = navigator;
  if (serviceWorker === undefined || import.meta.env.DEV) return;
  const countOthers = beCounted();
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
      const others = await countOthers();
      newVersion.value = { take, others };
      if (others > 0) return;
      const taken = new Promise((resolve) => {
        serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
      waiting.postMessage({ type: 'SKIP_WAITING' });
      await taken;
      location.reload();
    };
    newVersion.value = { take, others: 0 };
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  setInterval(() => registration.update().catch(() => undefined), LOOK_MS);
}

/**
 * Holds a lock as long as this tab is open, as every tab does. With the old version go its files, of which
 * another tab may not have fetched all yet, and a tab that is frozen could not say so.
 *
 * @returns a function that counts the other tabs
 */
function beCounted(): () => Promise<number> {
  const name = `tab of ${new URL('./', location.href)}`;
  // Where storage is forbidden, as in a frame of another page, locks are as well.
  navigator.locks
    .request(name, { mode: 'shared' }, () => new Promise(() => undefined))
    .catch(() => undefined);
  return async () => {
    const { held = [] } = await navigator.locks.query();
    return held.filter((lock) => lock.name === name).length - 1;
  };
}
