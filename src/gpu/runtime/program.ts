/**
 * A plan compiled on a device: buffers, pipelines and bind groups made once, then encoded again and
 * again. It owns its buffers and destroys them.
 */
import { type Access, type KernelTextInstance, STEPS_AT_ONCE } from '../../../shaders/kernel';
import { BackendUnavailableError } from '../../training/errors';
import type { BufferPlan, Plan, PlanStep } from '../plan/plan';
import { ENTRY_BYTES, STEP_BYTES } from '../plan/step-table';
import { BUFFER_USAGE } from './flags';
import { pipelinesOf } from './pipeline-cache';

/** A dispatch, ready to be encoded. */
interface CompiledStep {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly usesStep: boolean;
  readonly workgroups: readonly [number, number, number];
}

export type Part = 'chunk' | 'step' | 'epoch' | 'prediction';

/** What is compiled of a dispatch, and of a plan. */
type StepText = Pick<PlanStep, 'buffers'> & { readonly kernel: KernelTextInstance };
export type ProgramText = Pick<Plan, 'buffers'> & Readonly<Record<Part, readonly StepText[]>>;

/** A plan on a device: its buffers allocated, its kernels compiled and bound, ready to be encoded. */
export class Program {
  readonly #device: GPUDevice;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #parts: Readonly<Record<Part, readonly CompiledStep[]>>;
  /** Buffers beside the plan's: checkpoints, and those that a readback has at present. */
  readonly #late = new Set<GPUBuffer>();
  #isDisposed = false;

  private constructor(
    device: GPUDevice,
    buffers: ReadonlyMap<string, GPUBuffer>,
    parts: Readonly<Record<Part, readonly CompiledStep[]>>,
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#parts = parts;
  }

  /**
   * Allocates a plan's buffers and compiles its kernels, those that the device has not compiled before.
   *
   * @param what - the plan is for, in the words of an error
   * @throws BackendUnavailableError where the device has no room or a kernel does not compile;
   * nothing stays allocated then
   */
  static async compile(
    device: GPUDevice,
    plan: ProgramText,
    what = 'this network',
  ): Promise<Program> {
    const buffers = await allocate(device, plan.buffers, what);
    try {
      const compileAll = (steps: readonly StepText[]) =>
        Promise.all(steps.map((step) => compileStep(device, buffers, step)));
      const [chunk, step, epoch, prediction] = await Promise.all(
        [plan.chunk, plan.step, plan.epoch, plan.prediction].map(compileAll),
      );
      return new Program(device, buffers, { chunk, step, epoch, prediction });
    } catch (error) {
      for (const buffer of buffers.values()) buffer.destroy();
      throw error;
    }
  }

  /** A buffer by its name in the plan. */
  buffer(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new RangeError(`the plan has no buffer ${name}`);
    return buffer;
  }

  /** Writes `data` into a buffer, from byte `start` on. */
  write(name: string, data: GPUAllowSharedBufferSource, start = 0): void {
    this.#device.queue.writeBuffer(this.buffer(name), start, data);
  }

  /** Encodes a part of the plan with entry `entry` of the step table. */
  encode(pass: GPUComputePassEncoder, part: Part, entry: number): void {
    for (const step of this.#parts[part]) encodeStep(pass, step, entry);
  }

  /** Encodes one dispatch of a part, by its place in the plan. */
  encodeOne(pass: GPUComputePassEncoder, part: Part, index: number, entry: number): void {
    encodeStep(pass, this.#parts[part][index], entry);
  }

  /**
   * A buffer beside those of the plan, until `free` or `dispose`.
   *
   * @throws BackendUnavailableError where the device has no room for it; all else stays as it was
   */
  async allocate(plan: BufferPlan): Promise<GPUBuffer> {
    const [buffer] = (await allocate(this.#device, [plan], plan.name)).values();
    // Whoever waits for it is told by the queue of work.
    if (this.#isDisposed) buffer.destroy();
    this.#late.add(buffer);
    return buffer;
  }

  free(buffer: GPUBuffer): void {
    this.#late.delete(buffer);
    buffer.destroy();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const buffer of [...this.#buffers.values(), ...this.#late]) buffer.destroy();
  }
}

function encodeStep(pass: GPUComputePassEncoder, step: CompiledStep, entry: number): void {
  const { pipeline, bindGroup, usesStep, workgroups } = step;
  pass.setPipeline(pipeline);
  if (usesStep) pass.setBindGroup(0, bindGroup, [entry * ENTRY_BYTES]);
  else pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...workgroups);
}

function usageOf(use: BufferPlan['use']): GPUBufferUsageFlags {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = BUFFER_USAGE;
  switch (use) {
    case 'storage':
      return STORAGE | COPY_SRC | COPY_DST;
    case 'table':
      return UNIFORM | COPY_DST;
    case 'staging':
      return MAP_READ | COPY_DST;
    case 'copy':
      return COPY_SRC | COPY_DST;
    default:
      return use satisfies never;
  }
}

/** @param what - all of the buffers together, in the words of the error */
async function allocate(
  device: GPUDevice,
  plans: readonly BufferPlan[],
  what: string,
): Promise<ReadonlyMap<string, GPUBuffer>> {
  device.pushErrorScope('out-of-memory');
  const buffers = new Map(
    plans.map(({ name, bytes, use }) => [
      name,
      device.createBuffer({ label: name, size: bytes, usage: usageOf(use) }),
    ]),
  );
  const error = await device.popErrorScope();
  if (error === null) return buffers;
  for (const buffer of buffers.values()) buffer.destroy();
  const mebibytes = plans.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
  throw new BackendUnavailableError(
    'out-of-memory',
    `The graphics adapter has no room for the ${mebibytes.toFixed(1)} MiB of ${what}. Fewer or narrower layers, or closing other tabs, may help.`,
  );
}

/**
 * Binds a dispatch's buffers to its kernel, which is compiled where the device has not seen it before.
 *
 * @param buffers - by their names in the plan
 * @throws BackendUnavailableError where the kernel does not compile
 */
export async function compileStep(
  device: GPUDevice,
  buffers: ReadonlyMap<string, GPUBuffer>,
  { kernel, buffers: names }: StepText,
): Promise<CompiledStep> {
  const { pipeline, layout } = await pipelinesOf(device).get(kernel);
  const entries = kernel.bindings.map(({ name, access }, binding): GPUBindGroupEntry => {
    const tableBytes = TABLE_BYTES[access];
    const buffer = buffers.get(tableBytes === null ? names[name] : 'step-table');
    if (buffer === undefined) throw new RangeError(`${kernel.name} has no buffer for ${name}`);
    return {
      binding,
      resource: tableBytes === null ? { buffer } : { buffer, size: tableBytes },
    };
  });
  return {
    pipeline,
    bindGroup: device.createBindGroup({ layout, entries }),
    usesStep: kernel.bindings.some(({ access }) => TABLE_BYTES[access] !== null),
    workgroups: kernel.workgroups,
  };
}

/** Bytes that a binding takes of the step table; null where it takes another buffer. */
const TABLE_BYTES: Readonly<Record<Access, number | null>> = {
  step: STEP_BYTES,
  steps: STEPS_AT_ONCE * ENTRY_BYTES,
  read: null,
  read_write: null,
};
