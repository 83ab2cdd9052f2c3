/**
 * The headers with which the benchmark's page gets shared memory, and the peers their threads. The
 * development and the preview server send them; a static host that cannot leaves the peers one thread.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

/** Sends them with bench.html, and the second one with every worker, which must not be laxer than its page. */
function isolate(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const path = (request.url ?? '').split('?')[0];
  const isBench = path.endsWith('/bench.html');
  if (isBench) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  if (isBench || request.headers['sec-fetch-dest'] === 'worker') {
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  }
  next();
}

export function crossOriginIsolation(): Plugin {
  return {
    name: 'cross-origin-isolation',
    configureServer({ middlewares }) {
      middlewares.use(isolate);
    },
    configurePreviewServer({ middlewares }) {
      middlewares.use(isolate);
    },
  };
}
