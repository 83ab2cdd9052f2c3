/** A race whose GPU is lost: WebGPU's lane says why, the others race to the end, and nobody waits for ever. */
import { afterEach, expect, it, vi } from 'vitest';
import { createRaceService } from '../../src/app/worker/create-race-service';
import { keptDevice } from '../../src/session/page-device';
import { checkConfiguration } from '../../src/training/configuration/check';

const CONFIGURATION = checkConfiguration({ classes: [0, 1], hidden: [8], epochs: 60 });
const LOST = /^The graphics device was lost/;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Destroys the kept device as soon as it is asked for what `method` does. */
function loseAt<Type extends GPUDevice | GPUQueue>(type: Type, method: keyof Type): void {
  const original = Reflect.get(type, method) as (...parameters: unknown[]) => unknown;
  vi.spyOn(type, method as never).mockImplementationOnce(function (
    this: Type,
    ...parameters: unknown[]
  ) {
    const result = original.apply(this, parameters);
    keptDevice().then(({ device }) => device.destroy());
    return result;
  } as never);
}

/**
 * Races to the end.
 *
 * @param tuning - whether plans are measured first
 * @param onPhase - called at the first report of each phase
 */
async function race(tuning: 'on' | 'off', onPhase: (phase: string) => void = () => {}) {
  let last: string | undefined;
  const { phase, lanes, kernels } = await createRaceService().race(
    CONFIGURATION,
    { epochs: CONFIGURATION.epochs },
    { schedule: 'auto', tuning },
    (progress) => {
      if (progress.phase !== last) onPhase(progress.phase);
      last = progress.phase;
    },
  );
  expect(phase).toBe('finished');
  const [webgpu, ...others] = lanes;
  for (const { epochs, obstacle } of others) {
    expect([epochs, obstacle]).toEqual([CONFIGURATION.epochs, undefined]);
  }
  return { webgpu, kernels };
}

it('while kernels are compiled', async () => {
  loseAt(GPUDevice.prototype, 'createComputePipelineAsync');
  const { webgpu } = await race('off');
  expect([webgpu.obstacle, webgpu.epochs]).toEqual([expect.stringMatching(LOST), 0]);
});

it('while plans are measured', async () => {
  loseAt(GPUQueue.prototype, 'submit');
  const { webgpu } = await race('on');
  expect(webgpu.obstacle).toMatch(LOST);
});

it('amid the race', async () => {
  const { webgpu, kernels } = await race('off', (phase) => {
    if (phase === 'racing') keptDevice().then(({ device }) => device.destroy());
  });
  expect(webgpu.obstacle).toMatch(LOST);
  expect(webgpu.epochs).toBeLessThan(CONFIGURATION.epochs);
  expect(kernels?.obstacle).toMatch(LOST);
});

it('while the kernels are timed', async () => {
  const { webgpu, kernels } = await race('off', (phase) => {
    if (phase === 'timing kernels') loseAt(GPUQueue.prototype, 'submit');
  });
  expect([webgpu.obstacle, webgpu.epochs]).toEqual([undefined, CONFIGURATION.epochs]);
  expect(kernels?.obstacle).toMatch(LOST);
});

it('and the next race has a device of its own', async () => {
  const { lanes } = await createRaceService().race(
    CONFIGURATION,
    { epochs: 5 },
    { schedule: 'auto', tuning: 'off' },
    () => {},
  );
  expect(lanes.map(({ obstacle, epochs }) => [obstacle, epochs])).toEqual([
    [undefined, 5],
    [undefined, 5],
    [undefined, 5],
  ]);
});
