/**
 * Runs one kernel on given numbers. Every buffer it writes is poisoned beforehand and has a margin
 * behind it, so that a value left out and a value written too far are both seen.
 */
import type { KernelTextInstance } from '../../../shaders/kernel';
import {
  ENTRY_BYTES,
  type StepEntry,
  type StepSettings,
  StepTable,
} from '../../../src/gpu/plan/step-table';
import { compileStep } from '../../../src/gpu/runtime/program';

/** A NaN that no computation makes: what an untouched word looks like. */
export const POISON = 0x7fc0dead;
const MARGIN_WORDS = 64;

export type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export const STEP: StepEntry & StepSettings = {
  seed: 0,
  dropout: 0,
  weightDecay: 0,
  momentum: 0,
  firstRow: 0,
  rows: 1,
  record: 0,
  step: 0,
  isFirst: true,
  learningRate: 0.1,
  samples: 1,
  stepSize: 0.1,
  inverseRootCorrection: 1,
};

/** What became of a buffer: its words, and whether the margin behind it was left alone. */
export interface Written {
  readonly floats: Float32Array;
  readonly words: Uint32Array;
  readonly isMarginIntact: boolean;
}

/**
 * @param inputs - contents of the buffers, by binding name
 * @param outputs - lengths in words of the buffers that start poisoned, by binding name
 * @returns every buffer that is in `outputs` or named in `readBack`
 */
export async function runKernel(
  device: GPUDevice,
  kernel: KernelTextInstance,
  inputs: Readonly<Record<string, Words>>,
  outputs: Readonly<Record<string, number>>,
  step: Partial<StepEntry & StepSettings> = {},
  readBack: readonly string[] = [],
): Promise<Readonly<Record<string, Written>>> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffers = new Map<string, GPUBuffer>();
  const create = (name: string, contents: Uint32Array<ArrayBuffer>) => {
    const poisoned = new Uint32Array(contents.length + MARGIN_WORDS).fill(POISON);
    poisoned.set(contents);
    const usage = STORAGE | COPY_SRC | COPY_DST;
    const buffer = device.createBuffer({ size: poisoned.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, poisoned);
    buffers.set(name, buffer);
  };
  for (const [name, words] of Object.entries(inputs)) {
    create(name, new Uint32Array(words.buffer, words.byteOffset, words.length));
  }
  for (const [name, length] of Object.entries(outputs)) {
    create(name, new Uint32Array(length).fill(POISON));
  }
  const values = { ...STEP, ...step };
  const table = new StepTable(values);
  table.write(0, values);
  const tableBuffer = device.createBuffer({ size: ENTRY_BYTES, usage: UNIFORM | COPY_DST });
  device.queue.writeBuffer(tableBuffer, 0, new Uint8Array(table.bytes, 0, ENTRY_BYTES));
  buffers.set('step-table', tableBuffer);

  const names = Object.fromEntries(kernel.bindings.map(({ name }) => [name, name]));
  const compiled = await compileStep(device, buffers, { kernel, buffers: names });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(compiled.pipeline);
  if (compiled.usesStep) pass.setBindGroup(0, compiled.bindGroup, [0]);
  else pass.setBindGroup(0, compiled.bindGroup);
  pass.dispatchWorkgroups(...compiled.workgroups);
  pass.end();
  const wanted = [...Object.keys(outputs), ...readBack].map((name) => {
    const source = buffers.get(name);
    if (source === undefined) throw new RangeError(`no buffer ${name}`);
    const staging = device.createBuffer({ size: source.size, usage: MAP_READ | COPY_DST });
    encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
    return [name, staging] as const;
  });
  device.queue.submit([encoder.finish()]);
  const results: Record<string, Written> = {};
  for (const [name, staging] of wanted) {
    await staging.mapAsync(GPUMapMode.READ);
    const all = new Uint32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    const length = all.length - MARGIN_WORDS;
    results[name] = {
      floats: new Float32Array(all.buffer, 0, length),
      words: all.subarray(0, length),
      isMarginIntact: all.subarray(length).every((word) => word === POISON),
    };
  }
  for (const buffer of buffers.values()) buffer.destroy();
  return results;
}
