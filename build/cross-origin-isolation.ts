/**
 * The headers with which a page gets shared memory: the backend cpu all cores, and the benchmark's peers
 * their threads. The development and the preview server send them with every file, so that one that the
 * service worker kept has them, too. Where a static host cannot, the service worker adds them
 * (src/app/sw.ts); the first visit then has one core.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { ISOLATION_HEADERS } from '../src/session/isolation-headers.ts';

function isolate(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  for (const [name, value] of ISOLATION_HEADERS) response.setHeader(name, value);
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
