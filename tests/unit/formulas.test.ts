/** The formulas of the page, as the build compiles them. */
import { describe, expect, it } from 'vitest';
import { texToMathMl } from '../../build/tex';
import * as formulas from '../../src/app/components/formulas';
import { LEAKY_RELU_SLOPE } from '../../src/layers/activation';
import { LAYER_FORMULAS } from '../../src/layers/formula';
import type { MathMl } from '../../src/layers/tex';

const { ACTIVATIONS, updateFormulas, ...lists } = formulas;
const SGD = { optimizer: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
const UPDATES = {
  sgd: updateFormulas({ ...SGD, weightDecay: 0.1 }),
  momentum: updateFormulas({ ...SGD, momentum: 0.9 }),
  nesterov: updateFormulas({ ...SGD, momentum: 0.9, nesterov: true }),
  rmsprop: updateFormulas({ ...SGD, optimizer: 'rmsprop' }),
  adam: updateFormulas({ ...SGD, optimizer: 'adam', weightDecay: 0.1 }),
  adamw: updateFormulas({ ...SGD, optimizer: 'adamw', weightDecay: 0.1 }),
};
const ALL = [ACTIVATIONS, UPDATES, lists, LAYER_FORMULAS].flatMap((list) => Object.values(list));

/** As it would stand in a file; TeX that was not compiled stays as it is. */
function markupOf(node: MathMl): string {
  if (typeof node === 'string') return node;
  const [tag, attributes, content] = node;
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${written.join('')}>${content.map(markupOf).join('')}</${tag}>`;
}

describe('every formula', () => {
  it.each(ALL.flat().map((formula) => [markupOf(formula)]))(
    '%s is MathML that the policy allows',
    (markup) => {
      expect(markup).toMatch(/^<math display="block">.*<\/math>$/s);
      expect(markup).not.toMatch(/style=|class=|<merror|<undefined|\\/);
    },
  );

  it('of the update is the rule that the settings have', () => {
    const words = Object.values(UPDATES).map((rule) => rule.map(markupOf).join());
    expect(new Set(words).size).toBe(words.length);
    const has = (letter: string) => words.map((text) => text.includes(`<mi>${letter}</mi>`));
    expect(has('λ')).toEqual([true, false, false, false, true, true]);
    expect(has('μ')).toEqual([false, true, true, false, false, false]);
  });

  it('has the slope of the network’s leaky ReLU', () => {
    for (const formula of ACTIVATIONS.leaky_relu) {
      expect(markupOf(formula)).toContain(`<mn>${LEAKY_RELU_SLOPE}</mn>`);
    }
  });
});

/** In parts, since this file is compiled as well. */
const literal = (formula: string) => ['tex', formula, ''].join('`');

describe('the build', () => {
  const compile = (code: string): Promise<unknown> => {
    const { transform } = texToMathMl();
    if (typeof transform !== 'object') throw new Error('no transform');
    return (transform.handler as unknown as (code: string) => Promise<unknown>)(code);
  };

  it('puts data in the place of TeX', async () => {
    const { code } = (await compile(`export const F = ${literal('x^2')};`)) as { code: string };
    expect(code).toBe(
      'export const F = ["math",{"display":"block"},[["msup",{},[["mi",{},["x"]],["mn",{},["2"]]]]]];',
    );
  });

  it.each([
    ['TeX that is wrong', literal('\\frac{1')],
    ['an expression', literal(`x^$${'{n}'}`)],
  ])('refuses %s', async (_, code) => {
    await expect(compile(code)).rejects.toThrow();
  });
});
