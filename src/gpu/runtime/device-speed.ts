/** What a device's arithmetic and memory reach at most, and what a dispatch costs: by two small kernels. */
import { instantiate, LINEAR_WORKGROUP } from '../../../shaders/kernel';
import { CHAINS, multiplyAdds } from '../../../shaders/multiply-adds';
import { stream } from '../../../shaders/stream';
import { FLOAT_BYTES } from '../plan/plan';
import { words } from '../plan/plan-buffers';
import { DeviceClock } from './device-clock';
import { Program, type ProgramText } from './program';

export interface DeviceSpeed {
  /** In float32; a multiply-add is two. */
  readonly operationsPerSecond: number;
  /** Of arrays that no cache holds, read and written. */
  readonly bytesPerSecond: number;
  /** Milliseconds of a dispatch that does next to nothing and waits for the one before. */
  readonly launchMs: number;
}

/** Workgroups of multiply-adds: from few, which fill a CPU, to what fills the largest card. */
const WORKGROUPS = [64, 512, 4096, 16_384] as const;
const MOST_INVOCATIONS = LINEAR_WORKGROUP * WORKGROUPS[WORKGROUPS.length - 1];
/** Multiply-adds of a chain. */
const CHAIN_ROUNDS = 512;
/** 128 MiB, which every device binds: caches are smaller. */
const STREAM_VECTORS = 2 ** 23;
/** Long enough for a launch not to count, in nanoseconds. */
const LONG_NS = 5e6;
const ROUNDS = 3;

const STREAM = instantiate(stream, { length: STREAM_VECTORS });
/** Places of the dispatches in the program. */
const [LAUNCH, FORTH, BACK, MULTIPLY_ADDS] = [0, 1, 2, 3];

const TEXT: ProgramText = {
  buffers: [
    words('constants', 2),
    words('sums', 4 * MOST_INVOCATIONS),
    words('values', 4 * STREAM_VECTORS),
    words('doubled', 4 * STREAM_VECTORS),
  ],
  chunk: [],
  step: [
    {
      kernel: instantiate(multiplyAdds, { workgroups: 1, rounds: 0 }),
      buffers: { constants: 'constants', sums: 'sums' },
    },
    { kernel: STREAM, buffers: { values: 'values', doubled: 'doubled' } },
    { kernel: STREAM, buffers: { values: 'doubled', doubled: 'values' } },
    ...WORKGROUPS.map((workgroups) => ({
      kernel: instantiate(multiplyAdds, { workgroups, rounds: CHAIN_ROUNDS }),
      buffers: { constants: 'constants', sums: 'sums' },
    })),
  ],
  epoch: [],
  prediction: [],
};

/**
 * Measures a device that has nothing else to do; takes about a second on a software adapter. The best of a
 * few rounds counts: what disturbs only slows down.
 *
 * @throws RangeError where the device has no timestamp queries
 * @throws BackendUnavailableError where it has no room for 272 MiB
 */
export async function measureDeviceSpeed(device: GPUDevice): Promise<DeviceSpeed> {
  const clock = new DeviceClock(device);
  try {
    const program = await Program.compile(device, TEXT, 'the kernels that measure it');
    try {
      return await measure(program, clock);
    } finally {
      program.dispose();
    }
  } finally {
    clock.dispose();
  }
}

async function measure(program: Program, clock: DeviceClock): Promise<DeviceSpeed> {
  const encodeOne = (index: number) => (pass: GPUComputePassEncoder) =>
    program.encodeOne(pass, 'step', index, 0);
  // Neither grows without end nor comes to rest soon.
  program.write('constants', new Float32Array([1 - 2 ** -10, 1]));
  /** Seconds of one dispatch, the least of a few rounds. */
  const secondsOf = async (index: number) => {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push((await clock.timeRepeated(encodeOne(index))).milliseconds / 1e3);
    }
    return Math.min(...rounds);
  };
  // Once untimed: memory is cleared, and often given, only when it is first touched.
  await clock.time(encodeOne(FORTH));
  await clock.time(encodeOne(BACK));
  let size = 0;
  while (
    size < WORKGROUPS.length - 1 &&
    (await clock.time(encodeOne(MULTIPLY_ADDS + size))) < LONG_NS
  ) {
    size++;
  }
  const operations = 2 * 4 * CHAINS * CHAIN_ROUNDS * LINEAR_WORKGROUP * WORKGROUPS[size];
  const bytes = 2 * 4 * FLOAT_BYTES * STREAM_VECTORS;
  return {
    operationsPerSecond: operations / (await secondsOf(MULTIPLY_ADDS + size)),
    bytesPerSecond: bytes / (await secondsOf(FORTH)),
    launchMs: 1e3 * (await secondsOf(LAUNCH)),
  };
}
