/**
 * Kernels and the WebGPU backend run in any engine that is handed to them as a `GPU`: none of their files
 * takes anything from a browser's globals, be it `navigator` or a class or flag of WebGPU.
 */
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const SOURCES = import.meta.glob<string>(
  ['../../src/gpu/**/*.ts', '../../shaders/**/*.ts', '../../src/layers/*/{kernels,plan}.ts'],
  { query: '?raw', import: 'default', eager: true },
);

/** Classes and flags of WebGPU, and what only a page or its worker has. */
const BROWSERS =
  /^(GPU[A-Z]\w*|navigator|window|document|location|self|isSecureContext|indexedDB|caches|localStorage|sessionStorage|requestAnimationFrame|Worker)$/;

/** Parts of the syntax tree in which a name is no value: types, names of properties, declarations of imports. */
const NO_VALUES: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ['property'],
  Property: ['key'],
  PropertyDefinition: ['key'],
  MethodDefinition: ['key'],
};
/** Of all other nodes of TypeScript's own, nothing is a value. */
const TYPED_VALUES = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'];

/** The names from a browser that a source takes as values: `GPUMapMode`, `globalThis.navigator`. */
function browserGlobals(file: string, source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const part of node) visit(part);
    if (node === null || typeof node !== 'object' || !('type' in node)) return;
    const { type, ...parts } = node as { type: string } & Record<string, unknown>;
    if (type === 'ImportDeclaration') return;
    if (type === 'Identifier' && BROWSERS.test(String(parts.name))) found.push(String(parts.name));
    const { object, property } = parts as Record<string, { name?: unknown } | undefined>;
    if (object?.name === 'globalThis' && BROWSERS.test(String(property?.name))) {
      found.push(String(property?.name));
    }
    const isType = type.startsWith('TS') && !TYPED_VALUES.includes(type);
    if (isType) return;
    for (const [name, part] of Object.entries(parts)) {
      const isComputed = parts.computed === true;
      if (isComputed || !NO_VALUES[type]?.includes(name)) visit(part);
    }
  };
  visit(parseSync(file, source).program);
  return found;
}

test('neither kernels nor the backend on WebGPU take anything from a browser', () => {
  expect(Object.keys(SOURCES).length).toBeGreaterThan(50);
  const offences = Object.entries(SOURCES).flatMap(([file, source]) =>
    browserGlobals(file, source).map((name) => `${file}: ${name}`),
  );
  expect(offences).toEqual([]);
});

test.each([
  ['const gpu = navigator.gpu;', ['navigator']],
  ['const { READ } = GPUMapMode;', ['GPUMapMode']],
  ['if (globalThis.isSecureContext === false) stop();', ['isSecureContext']],
  ['const f = (e: unknown) => e instanceof GPUOutOfMemoryError;', ['GPUOutOfMemoryError']],
  ['class A { b = (window as unknown as B).c; }', ['window']],
  ['const f = (gpu: GPU): GPUDevice => gpu.self({ window: 1 }) as GPUDevice;', []],
])('finds in %j: %j', (source, names) => {
  expect(browserGlobals('a.ts', source)).toEqual(names);
});
