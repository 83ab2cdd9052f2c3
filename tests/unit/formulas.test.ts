/** The formulas of the page, as the build compiles them. */
import { describe, expect, it } from 'vitest';
import { texToMathMl } from '../../build/tex';
import * as formulas from '../../src/app/components/formulas';
import { LEAKY_RELU_SLOPE } from '../../src/layers/activation';
import { LAYER_FORMULAS } from '../../src/layers/formula';

const { ACTIVATIONS, UPDATES, ...lists } = formulas;
const ALL = [ACTIVATIONS, UPDATES, lists, LAYER_FORMULAS].flatMap((list) => Object.values(list));

describe('every formula', () => {
  it.each(ALL.flat().map((formula) => [formula]))(
    '%s is MathML that the policy allows',
    (formula) => {
      expect(formula).toMatch(/^<math display="block">.*<\/math>$/s);
      expect(formula).not.toMatch(/style=|class=|<merror|\\/);
    },
  );

  it('has the slope of the network’s leaky ReLU', () => {
    for (const formula of ACTIVATIONS.leaky_relu) {
      expect(formula).toContain(`<mn>${LEAKY_RELU_SLOPE}</mn>`);
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

  it('puts a string in the place of TeX', async () => {
    const { code } = (await compile(`export const F = ${literal('x^2')};`)) as { code: string };
    expect(code).toMatch(/^export const F = "<math .*<msup><mi>x<\/mi><mn>2<\/mn><\/msup>.*";$/);
  });

  it.each([
    ['TeX that is wrong', literal('\\frac{1')],
    ['an expression', literal(`x^$${'{n}'}`)],
  ])('refuses %s', async (_, code) => {
    await expect(compile(code)).rejects.toThrow();
  });
});
