/** Reads an array and writes another as long, to measure what the device's memory reaches at most. */
import { wgsl } from 'wgsl-preprocessor';
import { type KernelText, LINEAR_WORKGROUP, linearGrid, linearIndex } from './kernel';

export interface StreamShape {
  /** In vectors of four. */
  readonly length: number;
}

export const stream: KernelText<StreamShape> = {
  name: 'stream',
  bindings: () => [
    { name: 'values', access: 'read', type: 'array<vec4<f32>>' },
    { name: 'doubled', access: 'read_write', type: 'array<vec4<f32>>' },
  ],
  source: ({ length }) => wgsl`
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let index = ${linearIndex(length)};
  if (index >= ${length}u) { return; }
  doubled[index] = 2.0 * values[index];
}`,
  workgroups: ({ length }) => linearGrid(length),
};
