/**
 * Compiled kernels, kept for as long as their device lives: whoever opens a network again, steps through
 * a plan or measures one compiles no text a second time.
 */
import type { Access, KernelTextInstance } from '../../../shaders/kernel';
import { BackendUnavailableError, messageOf } from '../../training/errors';
import { SHADER_STAGE } from './flags';

/** A kernel on a device, and the layout that its bind groups have. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const CACHES = new WeakMap<GPUDevice, PipelineCache>();

/** The kernels of a device, the same cache at each call. */
export function pipelinesOf(device: GPUDevice): PipelineCache {
  let cache = CACHES.get(device);
  if (cache === undefined) {
    cache = new PipelineCache(device);
    CACHES.set(device, cache);
  }
  return cache;
}

/** Pipelines of one device, by WGSL and by what is bound. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Promise<CompiledKernel>>();
  #compilations = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Kernels that the device was given to compile so far. */
  get compilations(): number {
    return this.#compilations;
  }

  /**
   * A kernel, compiled where it never was before. What fails is not kept.
   *
   * @throws BackendUnavailableError with the compiler's own words
   */
  get(kernel: KernelTextInstance): Promise<CompiledKernel> {
    const bound = kernel.bindings.map(({ access }) => access).join(' ');
    const key = `${bound}\n${kernel.wgsl}`;
    const known = this.#kernels.get(key);
    if (known !== undefined) return known;
    this.#compilations++;
    const compiled = compileKernel(this.#device, kernel);
    this.#kernels.set(key, compiled);
    compiled.catch(() => this.#kernels.delete(key));
    return compiled;
  }
}

const BINDING_TYPES: Readonly<Record<Access, GPUBufferBindingLayout>> = {
  step: { type: 'uniform', hasDynamicOffset: true },
  steps: { type: 'uniform', hasDynamicOffset: true },
  read: { type: 'read-only-storage' },
  read_write: { type: 'storage' },
};

async function compileKernel(
  device: GPUDevice,
  { name, bindings, wgsl }: KernelTextInstance,
): Promise<CompiledKernel> {
  const layout = device.createBindGroupLayout({
    entries: bindings.map(({ access }, binding) => ({
      binding,
      visibility: SHADER_STAGE.COMPUTE,
      buffer: BINDING_TYPES[access],
    })),
  });
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: name, code: wgsl });
  const scope = device.popErrorScope();
  try {
    const pipeline = await device.createComputePipelineAsync({
      label: name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    const error = await scope;
    if (error !== null) throw error;
    return { pipeline, layout };
  } catch (error) {
    // A device that died meanwhile has nothing more to say.
    const { messages } = await module.getCompilationInfo().catch(() => ({ messages: [] }));
    const first = messages.find(({ type }) => type === 'error');
    const words =
      first === undefined
        ? messageOf(error).split('\n')[0]
        : `line ${first.lineNum}: ${first.message}`;
    throw new BackendUnavailableError(
      'shader-failed',
      `The kernel ${name} did not compile on this device (${words}). A newer browser or driver may help.`,
    );
  }
}
