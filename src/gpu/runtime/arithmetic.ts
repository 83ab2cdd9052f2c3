/** Asks a device whether its compiler leaves the kernels' arithmetic as it is written. */
import { arithmeticProbe, PROBES } from '../../../shaders/arithmetic-probe';
import { instantiate, type KernelTextInstance } from '../../../shaders/kernel';
import { BUFFER_USAGE, MAP_MODE } from './flags';
import { pipelinesOf } from './pipeline-cache';

/** What a device's compiler leaves alone; where it does not, results are right, and a little less exact. */
export interface Arithmetic {
  /** A long sum's rounding errors are kept beside it (two-sum). */
  readonly keepsRoundingErrors: boolean;
  /** exp takes ln 2 in two parts (Cody & Waite). */
  readonly splitsLn2: boolean;
}

/**
 * Of a + b in float32, what may be missing from sum and rounding error together, as a share of the sum:
 * two-sum leaves nothing, and without it 2^-25 is missing on average.
 */
const MISSING = 2 ** -40;
/**
 * How far y - n · ln 2 may be off: in two parts one rounding of the result, 2^-26, or twice that where a
 * device does not round to nearest. As one float32 ln 2 is off by 1.9e-9, which n multiplies by 60 at
 * least.
 */
const OFF = 2 ** -24;

/** For each probe: a and b of a sum, then y and n = y / ln 2 as an integer. */
function operands(): Float32Array<ArrayBuffer> {
  const values = new Float32Array(4 * PROBES);
  for (let i = 0; i < PROBES; i++) {
    const y = Math.fround((i % 2 === 0 ? 1 : -1) * (44 + 0.667 * i));
    const sum = [(i + 1) / 7, Math.sqrt(i + 2) / 2 ** (i % 24)];
    values.set([...sum, y, Math.round(y / Math.LN2)], 4 * i);
  }
  return values;
}

/**
 * Probes a device's arithmetic.
 *
 * @param kernel - by default the one whose arithmetic is that of the kernels
 * @throws BackendUnavailableError where the probe does not compile
 */
export async function probeArithmetic(
  device: GPUDevice,
  kernel: KernelTextInstance = instantiate(arithmeticProbe, {}),
): Promise<Arithmetic> {
  const { pipeline, layout } = await pipelinesOf(device).get(kernel);
  const given = operands();
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = BUFFER_USAGE;
  const bufferFor = (usage: GPUBufferUsageFlags) =>
    device.createBuffer({ size: given.byteLength, usage });
  const [input, results] = [bufferFor(STORAGE | COPY_DST), bufferFor(STORAGE | COPY_SRC)];
  const staging = bufferFor(MAP_READ | COPY_DST);
  try {
    device.queue.writeBuffer(input, 0, given);
    const entries = [input, results].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(...kernel.workgroups);
    pass.end();
    encoder.copyBufferToBuffer(results, 0, staging, 0, given.byteLength);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_MODE.READ);
    return judge(given, new Float32Array(staging.getMappedRange().slice(0)));
  } finally {
    for (const buffer of [input, results, staging]) buffer.destroy();
  }
}

/** float64 holds what each probe should give: the sum of two float32 whole, and ln 2 to 2^-53. */
function judge(given: Float32Array, found: Float32Array): Arithmetic {
  const probes = Array.from({ length: PROBES }, (_, i) => {
    const [a, b, y, n] = given.subarray(4 * i);
    const [sum, error, remainder] = found.subarray(4 * i);
    return {
      missing: Math.abs(sum + error - (a + b)) / (a + b),
      off: Math.abs(remainder - (y - n * Math.LN2)),
    };
  });
  return {
    keepsRoundingErrors: probes.every(({ missing }) => missing <= MISSING),
    splitsLn2: probes.every(({ off }) => off <= OFF),
  };
}
