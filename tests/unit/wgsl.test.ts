/** What no kernel's text may do, in any plan: WGSL allows it, but devices then differ. */
import { describe, expect, it } from 'vitest';
import { variantName } from '../../shaders/parts/gemm-variant';
import { allVariants } from '../../src/gpu/plan/choose-variant';
import { planLayered } from '../../src/gpu/plan/layered';
import type { Plan, ProblemShape } from '../../src/gpu/plan/plan';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { networkFor } from '../../src/model/network-spec';
import { type Configuration, DEFAULTS } from '../../src/training/configuration/fields';

function shapeOf(hidden: number[], classes: number, values: Partial<Configuration>) {
  return {
    spec: networkFor(64, hidden, classes, 'tanh', values.dropout),
    hyperparameters: { ...DEFAULTS, ...values },
    trainSamples: 288,
    testSamples: 72,
  } satisfies ProblemShape;
}

const SHAPES: readonly ProblemShape[] = [
  shapeOf([16, 8], 2, {}),
  shapeOf([], 10, { optimizer: 'adam', batchSize: 32 }),
  shapeOf([33, 7], 10, { momentum: 0.9, dropout: 0.2, weightDecay: 0.01, batchSize: 50 }),
  shapeOf([130, 66], 10, { optimizer: 'rmsprop', norms: true }),
];

/** Every plan of a network: each candidate's, on GPUs and others, and the layered one with each variant of its products. */
function plansOf(shape: ProblemShape): readonly Plan[] {
  const candidates = (['software', 'discrete'] as const).flatMap((deviceClass) =>
    candidatesFor({ ...shape, deviceClass }, new Set(['subgroups'])).map(({ plan }) => plan()),
  );
  const names = new Set(
    (['forward', 'delta', 'weights'] as const).flatMap((form) =>
      [1, 4].flatMap((columns) => allVariants(form, columns).map(variantName)),
    ),
  );
  const layered = [...names].map((name) =>
    planLayered(shape, (form, { inputs, outputs }) => {
      const variants = allVariants(form, form === 'forward' ? outputs : inputs);
      return variants.find((variant) => variantName(variant) === name) ?? variants[0];
    }),
  );
  return [...candidates.filter((plan): plan is Plan => !('declined' in plan)), ...layered];
}

/** The texts of all kernels of all plans, each once, with the kernel's name. */
const texts: readonly (readonly [wgsl: string, name: string])[] = [
  ...new Map(
    SHAPES.flatMap(plansOf)
      .flatMap(({ chunk, step, epoch, prediction }) => [...chunk, ...step, ...epoch, ...prediction])
      .map(({ kernel }) => [kernel.wgsl, kernel.name]),
  ),
];

/** Where the brackets that open at `from` close. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if ('[({'.includes(text[i])) depth++;
    if ('])}'.includes(text[i]) && --depth === 0) return i;
  }
  throw new RangeError('brackets that never close');
}

/** Stores into a part of a vector, or matrix, that lies in workgroup memory, and pointers to one. */
function componentStores(wgsl: string): readonly string[] {
  const variables = wgsl.matchAll(/var<workgroup> (\w+): (array<)?(vec|mat)\d/g);
  return [...variables].flatMap(([, name, array]) =>
    [...wgsl.matchAll(new RegExp(`\\b${name}\\b(?=[[.])`, 'g'))].flatMap(({ index }) => {
      let end = index + name.length;
      let levels = 0;
      while (/^(\[|\.\w)/.test(wgsl.slice(end, end + 2))) {
        end =
          wgsl[end] === '[' ? closing(wgsl, end) + 1 : end + 1 + wgsl.slice(end + 1).search(/\W/);
        levels++;
      }
      const isStore = /^\s*([-+*/%&|^]|<<|>>)?=(?!=)/.test(wgsl.slice(end));
      const isPart = levels > (array === undefined ? 0 : 1);
      const isPointer = wgsl[index - 1] === '&';
      return (isStore && isPart) || isPointer ? [wgsl.slice(index, end)] : [];
    }),
  );
}

/** Loops before an exchange of values in a quad whose number of turns depends on the invocation. */
function unevenLoops(wgsl: string): readonly string[] {
  return [...wgsl.matchAll(/\bfn (\w+)\(/g)].flatMap(({ index, 1: name }) => {
    const brace = wgsl.indexOf('{', index);
    const body = wgsl.slice(index, closing(wgsl, brace));
    const last = body.search(/quad(Swap|Broadcast)(?![\s\S]*quad(Swap|Broadcast))/);
    const own = new Set(['local', 'lane', 'place', 'thread', 'local_index']);
    const depends = (text: string) => (text.match(/\b(?<!\.)\w+/g) ?? []).some((w) => own.has(w));
    for (const [, variable, value] of body.matchAll(/\b(?:let|var) (\w+) = ([^;]*);/g)) {
      if (!value.startsWith('quadBroadcast') && depends(value)) own.add(variable);
    }
    return [...body.slice(0, Math.max(last, 0)).matchAll(/\bfor \(/g)]
      .map(({ index: start }) => body.slice(start, closing(body, start + 4) + 1))
      .filter(depends)
      .map((loop) => `${name}: ${loop}`);
  });
}

describe('the text of every kernel', () => {
  it('is that of all kernels', () => {
    const names = new Set(texts.map(([, name]) => name));
    expect(names.size).toBeGreaterThan(13);
    expect(texts.filter(([wgsl]) => wgsl.includes('enable subgroups')).length).toBeGreaterThan(10);
  });

  // Two invocations that store parts of one vector: WGSL lets each read, change and write the whole of it.
  it('stores vectors in workgroup memory whole', () => {
    expect(texts.flatMap(([wgsl, name]) => componentStores(wgsl).map((s) => [name, s]))).toEqual(
      [],
    );
  });

  it('has one number of turns for the invocations of a quad, up to their last exchange', () => {
    expect(texts.flatMap(([wgsl, name]) => unevenLoops(wgsl).map((s) => [name, s]))).toEqual([]);
  });
});

describe('the plans of two runs that differ in numbers only', () => {
  const ONE = { seed: 42, learningRate: 0.1, weightDecay: 0.01, dropout: 0.2 };
  const OTHER = { seed: 7, learningRate: 0.003, weightDecay: 0.3, dropout: 0.51 };

  // The numbers come in the step table, so that a device compiles nothing anew for them.
  it.each([
    [{ optimizer: 'sgd', momentum: 0.9, nesterov: true }, { momentum: 0.5 }],
    [{ optimizer: 'sgd' }, {}],
    [{ optimizer: 'rmsprop' }, {}],
    [{ optimizer: 'adam', batchSize: 32 }, {}],
    [{ optimizer: 'adamw' }, {}],
  ] as const)('have one text: %o', (values, others) => {
    const plans = [
      { ...ONE, ...values },
      { ...OTHER, ...values, ...others },
    ].map((hyperparameters) => plansOf(shapeOf([16, 8], 3, hyperparameters)));
    const titles = plans[0].map(({ title }) => title);
    expect(titles).toContain('persistent, 64 invocations');
    expect(titles).toContain('persistent, 256 invocations, 8 to a block');
    expect(plans[1]).toEqual(plans[0]);
  });
});

describe('what these tests look for', () => {
  it.each([
    'packed[i / 4u][i % 4u] = value;',
    'packed[i].x = value;',
    'packed[a[i]][0] += value;',
    'store(&packed[i], value);',
  ])('finds %s', (statement) => {
    const declared = `var<workgroup> packed: array<vec4<f32>, 8>;\nfn f() { ${statement} }`;
    expect(componentStores(declared)).toHaveLength(1);
  });

  it.each(['packed[i] = value;', 'let x = packed[i].x;', 'if (packed[i].x == 1.0) {}'])(
    'lets %s pass',
    (statement) => {
      const declared = `var<workgroup> packed: array<vec4<f32>, 8>;\nfn f() { ${statement} }`;
      expect(componentStores(declared)).toEqual([]);
    },
  );

  it('finds a loop that ends sooner for one invocation of a quad', () => {
    const uneven =
      'fn f(local: u32) { let at = 2u * local; for (var i = at; i < n; i++) { s += 1.0; } s += quadSwapX(s); }';
    expect(unevenLoops(uneven)).toEqual(['f: for (var i = at; i < n; i++)']);
    expect(unevenLoops(uneven.replace('i = at', 'i = 0u'))).toEqual([]);
  });
});
