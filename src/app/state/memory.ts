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
