/** How much workgroup memory a kernel's text declares. */
import { expect } from 'vitest';

const WORD_BYTES: Readonly<Record<string, number>> = {
  f32: 4,
  u32: 4,
  'atomic<u32>': 4,
  'vec4<f32>': 16,
};

/** Bytes of workgroup memory that a kernel's text declares. */
export function workgroupBytes(wgsl: string): number {
  const declared = [...wgsl.matchAll(/var<workgroup> \w+: (?:array<(.+), (\d+)>|(.+));/g)];
  expect(declared.length).toBe(wgsl.split('var<workgroup>').length - 1);
  return declared
    .map(([, element, count, single]) => WORD_BYTES[element ?? single] * Number(count ?? 1))
    .reduce((sum, bytes) => sum + bytes, 0);
}
