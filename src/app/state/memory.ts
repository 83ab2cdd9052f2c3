/** The browser's memory for this page. It may be forbidden or full: then the page forgets, and works. */

/** What was kept under a name; null where nothing was, or nothing is to be had. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text until the next visit; null forgets it. False where the browser keeps nothing. */
export function remember(name: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the browser keeps anything for this page. */
export function canRemember(): boolean {
  const probe = 'shaderprop.probe';
  return remember(probe, '') && remember(probe, null);
}

/** Said where it does not. */
export const NOTHING_KEPT = 'This browser keeps nothing for this page.';

/** Hears when another tab of this page changes what is kept under a name. */
export function onOtherTab(name: string, listener: () => void): void {
  addEventListener('storage', (event: StorageEvent) => {
    if (event.key === name) listener();
  });
}
