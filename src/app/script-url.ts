/**
 * The page's only way to a script that it starts itself. Where the browser enforces Trusted Types, workers
 * and the service worker take nothing else, and the page's policy names no other maker of them.
 */

declare global {
  /** What is used of Trusted Types, which older browsers do not have. */
  var trustedTypes:
    | {
        createPolicy(
          name: 'shaderprop',
          rules: { createScriptURL(url: string): string },
        ): { createScriptURL(url: string): unknown };
      }
    | undefined;
}

const policy = globalThis.trustedTypes?.createPolicy('shaderprop', { createScriptURL: ownAddress });

/** @throws TypeError where an address is not in the page's own folder */
function ownAddress(url: string): string {
  const { href } = new URL(url, document.baseURI);
  if (!href.startsWith(new URL('./', document.baseURI).href)) {
    throw new TypeError(`${href} is no script of this page`);
  }
  return href;
}

/**
 * The address of one of the page's own scripts, as a worker or a service worker is started from it.
 *
 * @param url - relative to the page
 * @throws TypeError where it is not in the page's folder
 */
export function scriptUrl(url: string): string {
  // A trusted address is an object; the types of the platform know it as text.
  return policy === undefined ? ownAddress(url) : (policy.createScriptURL(url) as string);
}
