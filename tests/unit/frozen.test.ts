/** Frozen layers on the backends of the CPU: they stay as they are, and the others are trained as before. */
import { describe, expect, test } from 'vitest';
import { compileKernels } from '../../src/cpu/kernels';
import { planMemory } from '../../src/cpu/memory-plan';
import { WasmEngine } from '../../src/cpu/wasm-engine';
import { Workspace } from '../../src/cpu/workspace';
import { planLayered } from '../../src/gpu/plan/layered';
import { leastWork } from '../../src/gpu/plan/least-work';
import { planBytes, shapeOf, stateBytes } from '../../src/gpu/plan/plan';
import { planBy } from '../../src/gpu/tuning/fixed-choice';
import { productsOf } from '../../src/gpu/tuning/tuned-layered';
import { parameterLayout } from '../../src/model/parameter-layout';
import { trainedPart } from '../../src/model/trained-part';
import { createReferenceBackend } from '../../src/reference/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { InvalidInputError } from '../../src/training/errors';
import { HostBackend } from '../../src/training/host-backend';
import { momentsOf } from '../../src/training/hyperparameters';
import { CPU_ENGINES } from '../support/cpu-engines';
import { FROZEN_CASES, frozenProblems, putBack } from '../support/frozen-runs';
import { smallProblem } from '../support/problems';

const BACKENDS = { reference: createReferenceBackend, ...CPU_ENGINES };
const BATCHES = 12;

describe.each(Object.entries(BACKENDS))('%s', (_, open) => {
  test.each(FROZEN_CASES)('$name', async (one) => {
    const { frozen, trained, part } = frozenProblems(one);
    const backend = await open(frozen);
    const before = await backend.parameters();
    await backend.trainBatches(BATCHES);
    const state = await backend.state();
    expect(state.parameters.subarray(0, part.start)).toEqual(before.subarray(0, part.start));
    expect(state.parameters).not.toEqual(before);
    expect(state.optimizer.map(({ length }) => length)).toEqual(
      Array(momentsOf(frozen.hyperparameters)).fill(part.length),
    );
    expect(state).toEqual(await putBack(await open(trained), part.start, BATCHES));
    // It goes on from there, to the same bits.
    const other = await open(frozen);
    await other.load(state);
    expect(await other.train(2)).toEqual(await backend.train(2));
    expect(await other.state()).toEqual(await backend.state());
  });

  test('the norm of the gradient is that of the trained layers, the parameters’ that of all', async () => {
    const values = { learningRate: 0.25, norms: true, epochs: 1 };
    const one = { name: '', freeze: 1, values, shape: { hidden: [7, 5] } };
    const { frozen, part } = frozenProblems(one);
    const backend = await open(frozen);
    const before = await backend.parameters();
    const [{ gradientNorm, parameterNorm }] = await backend.train(1);
    const after = await backend.parameters();
    const gradient = after.subarray(part.start).map((w, i) => (before[part.start + i] - w) / 0.25);
    expect(gradientNorm).toBeCloseTo(Math.hypot(...gradient), 5);
    expect(parameterNorm).toBeCloseTo(Math.hypot(...after), 5);
  });
});

test('the backend cpu packs frozen weights once, and again where others are loaded', async () => {
  const { frozen } = frozenProblems(FROZEN_CASES[0]);
  const plan = planMemory(frozen);
  const { pages } = plan;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { kernels } = await compileKernels('simd', memory);
  let packed: number[] = [];
  const packRows: typeof kernels.packRows = (weights, units, ...rest) => {
    packed.push(units);
    kernels.packRows(weights, units, ...rest);
  };
  const workspace = new Workspace(plan, { ...kernels, packRows }, memory);
  const info = { name: 'cpu', adapter: '', precision: 'float32', isSoftware: false } as const;
  const engine = new WasmEngine(frozen, workspace, () => undefined);
  const backend = new HostBackend(info, frozen, engine);
  const start = await backend.state();
  await backend.trainBatches(2);
  expect(packed).toEqual([9, 7, 6, 3, 6, 3]);
  packed = [];
  await backend.load(start);
  await backend.trainBatches(1);
  expect(packed).toEqual([9, 7, 6, 3]);
});

describe('what is frozen', () => {
  const { spec } = smallProblem({}, { layers: 'dense 3 tanh; dense 4 tanh', input: [5] });

  test('ends before the first layer with parameters behind it', () => {
    expect(trainedPart(spec, 0)).toEqual({ ...parameterLayout(spec), start: 0, layersBefore: 0 });
    const { start, layersBefore, slices } = trainedPart(spec, 1);
    expect({ start, layersBefore }).toEqual({ start: 3 * 5 + 3, layersBefore: 1 });
    expect(slices.map(({ name, offset }) => [name, offset])).toEqual([
      ...[
        ['W2', 0],
        ['b2', 12],
      ],
      ...[
        ['W3', 16],
        ['b3', 20],
      ],
    ]);
    const pooled = smallProblem({}, { layers: 'conv 2 3x3 tanh; max_pool 2', input: [1, 8, 8] });
    expect(trainedPart(pooled.spec, 1)).toMatchObject({ start: 2 * 9 + 2, layersBefore: 2 });
    expect(trainedPart(pooled.spec, 2)).toEqual(trainedPart(pooled.spec, 1));
  });

  test('is never all', () => {
    expect(() => trainedPart(spec, 3)).toThrow(RangeError);
    expect(() => checkConfiguration({ hidden: [4, 3], freeze: 3 })).toThrow(
      'freeze: 3 is not allowed; use at most 2, the number of hidden layers: the output layer is trained',
    );
    expect(() => checkConfiguration({ hidden: [], freeze: 1 })).toThrow(InvalidInputError);
    const layers = 'conv 2 3x3 tanh; max_pool 2';
    expect(checkConfiguration({ layers, freeze: 2 }).freeze).toBe(2);
    expect(() => checkConfiguration({ layers, freeze: 3 })).toThrow('at most 2');
  });
});

describe('what is planned', () => {
  const one = FROZEN_CASES[2];
  const { frozen, trained, part } = frozenProblems(one);
  const { layersBefore, start, length } = part;

  test('on WebGPU: no gradients, deltas and moments of frozen layers', () => {
    const [before, after] = [trained, frozen].map((problem) => planLayered(shapeOf(problem)));
    const backward = after.step.filter(({ phase }) => phase === 'backward');
    expect(backward.length).toBeGreaterThan(0);
    expect(Math.min(...backward.map(({ layer }) => layer))).toBe(layersBefore + 1);
    expect(after.step.filter(({ phase }) => phase === 'forward')).toEqual(
      before.step.filter(({ phase }) => phase === 'forward'),
    );
    const sizeOf = (name: string) => after.buffers.find((buffer) => buffer.name === name)?.bytes;
    expect(sizeOf('parameters')).toBe(4 * (start + length));
    for (const name of ['gradients', 'first_moment', 'second_moment']) {
      expect(sizeOf(name), name).toBe(4 * length);
    }
    expect(sizeOf('delta-1')).toBeUndefined();
    expect(stateBytes(before) - stateBytes(after)).toBe(2 * 4 * start);
    expect(planBytes(before) - planBytes(after)).toBeGreaterThan(3 * 4 * start);
  });

  test('on WebGPU: the schedules that train all layers at once decline in words', () => {
    const problem = smallProblem({ freeze: 1 });
    for (const schedule of ['sample-parallel', 'persistent'] as const) {
      expect(planBy(schedule, shapeOf(problem))).toEqual({
        declined: 'it trains every layer, and the first one is frozen',
      });
    }
    expect(planBy('auto', shapeOf(problem))).toMatchObject({ schedule: 'layered' });
  });

  test('on WebGPU: the tuner measures the products that there are, and the floor counts them', () => {
    const { step } = planLayered(shapeOf(frozen));
    const kernels = step.map(({ layer, kernel }) => `${layer} ${kernel.name}`);
    for (const product of productsOf(shapeOf(frozen))) {
      const names = product.kernels.map((name) => `${product.layer} ${name}`);
      expect(
        names.some((name) => kernels.includes(name)),
        names.join(),
      ).toBe(true);
    }
    // Two inputs, three units, one output: forward 9 products, then 3 for the gradient of the output's weights.
    const problem = smallProblem(
      { freeze: 1, batchSize: 2 },
      { features: 2, hidden: [3], trainCount: 4, testCount: 1 },
    );
    expect(leastWork(shapeOf(problem))).toEqual({
      operations: 2 * (4 * (9 + 3) + 9),
      bytes: 4 * (5 * 3 + 2 * (2 * 4 + 9)),
    });
  });

  test('on the cpu: no region of a gradient, a delta or a moment is larger than what is trained', () => {
    const [before, after] = [trained, frozen].map(
      (problem) => new Map(planMemory(problem).regions.map(({ name, bytes }) => [name, bytes])),
    );
    const gone = [...before.keys()].filter((name) => !after.has(name));
    expect(gone.sort()).toEqual(['channels-3', 'columns-4', 'deltas-1', 'deltas-2', 'deltas-3']);
    for (const name of ['gradients', 'moment-0', 'moment-1']) {
      expect(after.get(name), name).toBeGreaterThanOrEqual(4 * length);
      expect(after.get(name), name).toBeLessThan(4 * length + 64);
    }
  });
});
