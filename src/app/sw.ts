/**
 * The built page's service worker. It keeps every file of the page, so that it works without a network
 * after the first visit, and adds the headers with which a page gets shared memory, so that the backend
 * cpu takes all cores from the second visit on where the host cannot send them.
 */
import { clientsClaim } from 'workbox-core';
import { addPlugins, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { ISOLATION_HEADERS } from '../session/isolation-headers';

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build. */
  readonly __WB_MANIFEST: PrecacheEntry[];
};

addPlugins([{ cacheWillUpdate: async ({ response }) => isolated(response) }]);
// A link's settings are for the page, not for the server.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });

// A large data set is kept from when it is first chosen on. Its name has the hash of what it holds.
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin === self.location.origin && pathname.endsWith('.gz')) {
    event.respondWith(fetchedOnce(event));
  }
});

/** A file as it was fetched the first time; half of one is never kept. */
async function fetchedOnce(event: FetchEvent): Promise<Response> {
  const cache = await caches.open('data-sets');
  const kept = await cache.match(event.request);
  if (kept !== undefined) return kept;
  const response = isolated(await fetch(event.request));
  if (response === null) return Response.error();
  event.waitUntil(cache.put(event.request, response.clone()).catch(() => undefined));
  return response;
}

// The first visit is under this worker from then on, and has all its files, too.
clientsClaim();
// A new version waits until no page of the old one is open, or until it is asked for.
self.addEventListener('message', ({ data }) => {
  if (data?.type === 'SKIP_WAITING') self.skipWaiting();
});

/** A file as it is kept; one that was not found is not kept. */
function isolated(response: Response): Response | null {
  if (!response.ok) return null;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of ISOLATION_HEADERS) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}
