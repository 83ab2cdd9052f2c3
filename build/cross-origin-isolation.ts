/**
 * The headers with which a page gets shared memory: the backend cpu all cores, and the benchmark's peers
 * their threads. The development and the preview server send them with every file, so that one that the
 * service worker kept has them, too. A static host that cannot leaves one core.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

function isolate(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
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
