/** The headers with which a page gets shared memory: of the page, and of the scripts of its workers. */
export const ISOLATION_HEADERS = [
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
] as const;
