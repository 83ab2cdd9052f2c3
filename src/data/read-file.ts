/** A file of a data set, by its address: fetched in a page, read from the disk in Node. */

/** @throws Error in words for people where it cannot be had */
export async function readText(url: URL): Promise<string> {
  if (url.protocol === 'file:') {
    // Not imported: a page's build would ask what node:fs is.
    return process.getBuiltinModule('node:fs').readFileSync(url, 'utf8');
  }
  const response = await fetch(url);
  if (!response.ok) {
    const name = url.pathname.split('/').at(-1);
    throw new Error(`${name} could not be loaded (HTTP ${response.status}). Reload the page.`);
  }
  return response.text();
}
