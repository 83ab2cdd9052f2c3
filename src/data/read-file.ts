/** A file of a data set, by its address: fetched in a page, read from the disk in Node. */

/** @throws Error in words for people where it cannot be had */
export async function readText(url: URL): Promise<string> {
  // Not imported: a page's build would ask what node:fs is.
  if (isOnDisk(url)) return process.getBuiltinModule('node:fs').readFileSync(url, 'utf8');
  return (await fetched(url)).text();
}

/** True in Node. */
export function isOnDisk(url: URL): boolean {
  return url.protocol === 'file:';
}

export function nameOf(url: URL): string | undefined {
  return url.pathname.split('/').at(-1);
}

/** @throws Error in words for people where it cannot be had */
export async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url).catch(() => {
    // A browser says no more than “Failed to fetch”.
    throw new Error(
      `${nameOf(url)} could not be loaded: there is no connection. Reload the page once there is one.`,
    );
  });
  if (response.ok) return response;
  throw new Error(`${nameOf(url)} could not be loaded (HTTP ${response.status}). Reload the page.`);
}
