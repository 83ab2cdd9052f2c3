/** Times every variant of every product, in rounds that take turns; tests/bench/gemm.mjs runs it. */
import { denseBackwardDelta } from '../../shaders/dense-backward-delta';
import { denseBackwardWeights } from '../../shaders/dense-backward-weights';
import { denseForward } from '../../shaders/dense-forward';
import { instantiate, type KernelInstance } from '../../shaders/kernel';
import { type GemmForm, type GemmVariant, variantName } from '../../shaders/parts/gemm-variant';
import { sumPartials } from '../../shaders/sum-partials';
import { type GemmShape, productOf, variantsFor } from '../../src/gpu/plan/choose-variant';
import { ENTRY_BYTES, StepTable } from '../../src/gpu/plan/step-table';
import { requestAdapter } from '../../src/gpu/runtime/device';
import { compileStep } from '../../src/gpu/runtime/program';

export interface Request {
  readonly forms: readonly GemmForm[];
  readonly shapes: readonly (readonly [rows: number, inputs: number, outputs: number])[];
  readonly rounds: number;
  /** Names of the variants to time; all that suit a shape where it is empty. */
  readonly only: readonly string[];
  readonly milliseconds: number;
}

export interface Row {
  readonly form: GemmForm;
  readonly shape: GemmShape;
  readonly variant: string;
  readonly compileMs: number;
  /** Milliseconds of one product in each round; `cpu` is the GPU process's time, where it is known. */
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
  readonly gflop: number;
}

declare const gpuCpuMs: (() => Promise<number>) | undefined;

interface Contender {
  readonly row: Row & { wall: number[]; cpu: number[] };
  readonly run: (times: number) => Promise<number>;
  times: number;
}

export async function measure(request: Request): Promise<readonly Row[]> {
  const adapter = await requestAdapter(navigator.gpu);
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('subgroups') ? ['subgroups'] : [],
  });
  device.onuncapturederror = ({ error }) => console.error(error.message);
  const contenders: Contender[] = [];
  for (const [rows, inputs, outputs] of request.shapes) {
    const shape = { rows, inputs, outputs };
    const buffers = buffersOf(device, shape);
    for (const form of request.forms) {
      for (const variant of variantsFor(form, shape, device.features)) {
        if (request.only.length > 0 && !request.only.includes(variantName(variant))) continue;
        contenders.push(await contender(device, buffers, form, shape, variant));
      }
    }
  }
  for (const c of contenders) {
    c.times = Math.max(1, Math.round(request.milliseconds / (await c.run(1))));
  }
  for (let round = 0; round < request.rounds; round++) {
    for (const { row, run, times } of contenders) {
      const before = typeof gpuCpuMs === 'undefined' ? 0 : await gpuCpuMs();
      row.wall.push((await run(times)) / times);
      const after = typeof gpuCpuMs === 'undefined' ? 0 : await gpuCpuMs();
      row.cpu.push((after - before) / times);
    }
  }
  device.destroy();
  return contenders.map(({ row }) => row);
}

/** Buffers for all three forms; the weights begin the parameters, and the biases follow. */
function buffersOf(device: GPUDevice, { rows, inputs, outputs }: GemmShape) {
  const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
  const parameters = inputs * outputs + outputs;
  const floats = {
    input: rows * inputs,
    output: rows * outputs,
    parameters,
    gradients: parameters,
    next_delta: rows * outputs,
    activation: rows * inputs,
    delta: rows * Math.max(inputs, outputs),
    partials: 16 * inputs * outputs,
  };
  const buffers = new Map<string, GPUBuffer>();
  for (const [name, length] of Object.entries(floats)) {
    const buffer = device.createBuffer({ size: 4 * length, usage: STORAGE | COPY_DST });
    const values = Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898));
    device.queue.writeBuffer(buffer, 0, values);
    buffers.set(name, buffer);
  }
  const permutation = device.createBuffer({ size: 4 * rows, usage: STORAGE | COPY_DST });
  device.queue.writeBuffer(
    permutation,
    0,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
  buffers.set('permutation', permutation);
  const table = new StepTable({ seed: 0, dropout: 0, weightDecay: 0, momentum: 0 });
  table.write(0, {
    firstRow: 0,
    rows,
    record: 0,
    step: 0,
    isFirst: true,
    learningRate: 0,
    samples: rows,
    stepSize: 0,
    inverseRootCorrection: 0,
  });
  const size = ENTRY_BYTES;
  const step = device.createBuffer({ size, usage: UNIFORM | COPY_DST });
  device.queue.writeBuffer(step, 0, new Uint8Array(table.bytes, 0, size));
  buffers.set('step-table', step);
  return buffers;
}

/** As a first layer has them, with the batch gathered. */
function kernelsOf(form: GemmForm, shape: GemmShape, variant: GemmVariant) {
  const { rows, inputs, outputs } = shape;
  const offsets = { weights: 0, biases: inputs * outputs };
  const kernels: KernelInstance[] = [];
  switch (form) {
    case 'forward':
      kernels.push(
        instantiate(denseForward, {
          ...shape,
          ...offsets,
          activation: 'relu',
          gather: true,
          dropout: null,
          variant,
        }),
      );
      break;
    case 'delta':
      kernels.push(
        instantiate(denseBackwardDelta, {
          rows,
          units: inputs,
          nextUnits: outputs,
          nextWeights: 0,
          activation: 'relu',
          dropout: null,
          variant,
        }),
      );
      break;
    case 'weights': {
      const { splitK } = variant;
      const length = inputs * outputs;
      kernels.push(
        instantiate(denseBackwardWeights, {
          inputs,
          outputs,
          ...offsets,
          gather: true,
          sharesBiases: false,
          variant,
        }),
      );
      if (splitK > 1) kernels.push(instantiate(sumPartials, { length, weights: 0, splitK }));
      break;
    }
    default:
      return form satisfies never;
  }
  return kernels;
}

async function contender(
  device: GPUDevice,
  buffers: ReadonlyMap<string, GPUBuffer>,
  form: GemmForm,
  shape: GemmShape,
  variant: GemmVariant,
): Promise<Contender> {
  const names = { weights: 'parameters', biases: 'parameters' };
  const before = performance.now();
  const steps = await Promise.all(
    kernelsOf(form, shape, variant).map((kernel) => {
      const own = Object.fromEntries(kernel.bindings.map(({ name }) => [name, name]));
      return compileStep(device, buffers, { kernel, buffers: { ...own, ...names } });
    }),
  );
  const run = async (times: number) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) {
      for (const { pipeline, bindGroup, workgroups } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup, [0]);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await run(1); // the software adapter compiles at the first dispatch
  const compileMs = performance.now() - before;
  const { m, n, k } = productOf(form, shape);
  const gflop = (2 * m * n * k) / 1e9;
  const row = { form, shape, variant: variantName(variant), compileMs, wall: [], cpu: [], gflop };
  return { row, run, times: 1 };
}
