/** The built page's content security policy: its own files, and nothing from anywhere else. */
import type { Plugin } from 'vite';

const POLICY = [
  "default-src 'none'",
  // The backend cpu compiles its own WebAssembly; this allows that, and no eval of scripts.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  // No text becomes HTML or the address of a script, but for what src/app/script-url.ts lets through.
  "require-trusted-types-for 'script'",
  'trusted-types shaderprop',
].join('; ');

/** Puts the policy first in the head of every built page; the development server needs inline scripts. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
