/** Initial parameters: their layout, their scale, and the order of the draws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawParameters, INITIALIZERS, type Initializer } from '../../src/model/initializers';
import { layersOf, networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { formatSummary, summarize } from '../../src/model/summary';
import { RandomState } from '../../src/numpy/random-state';

const INPUTS = 200;
const OUTPUTS = 100;
const WIDE = networkFor(INPUTS, [], OUTPUTS, 'relu');

/** What the standard deviation of a weight should be, from the papers. */
function deviationOf(initializer: Initializer, scale: number): number {
  switch (initializer) {
    case 'normal':
      return scale;
    case 'he_normal':
    case 'he_uniform':
      return Math.sqrt(2 / INPUTS);
    case 'glorot_normal':
    case 'glorot_uniform':
      return Math.sqrt(2 / (INPUTS + OUTPUTS));
    default:
      return initializer satisfies never;
  }
}

describe.each(INITIALIZERS)('initializer %s', (initializer) => {
  const parameters = drawParameters(WIDE, initializer, 0.03, new RandomState(5));
  const weights = parameters.slice(0, INPUTS * OUTPUTS);
  const deviation = deviationOf(initializer, 0.03);

  it('draws weights about zero with the deviation of its formula', () => {
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const variance = weights.reduce((sum, weight) => sum + weight ** 2, 0) / weights.length;
    // Five standard errors of 20,000 samples.
    expect(Math.abs(mean) / deviation).toBeLessThan(5 / Math.sqrt(weights.length));
    expect(Math.abs(variance / deviation ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / weights.length));
  });

  it('leaves biases at zero', () => {
    expect(parameters.length).toBe(INPUTS * OUTPUTS + OUTPUTS);
    expect(parameters.slice(INPUTS * OUTPUTS).every((bias) => bias === 0)).toBe(true);
  });

  it('keeps uniform draws within their limit and lets normal ones pass it', () => {
    const limit = Math.sqrt(3) * deviation;
    const isWithin = weights.every((weight) => Math.abs(weight) <= limit);
    expect(isWithin).toBe(initializer.endsWith('uniform'));
  });

  it('heeds the scale only where it is the normal one', () => {
    const doubled = drawParameters(WIDE, initializer, 0.06, new RandomState(5));
    const factor = initializer === 'normal' ? 2 : 1;
    expect(doubled).toEqual(parameters.map((value) => value * factor));
  });
});

describe('parameters', () => {
  const specs = fc
    .tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
      fc.integer({ min: 2, max: 10 }),
    )
    .map(([features, hidden, classes]) => networkFor(features, hidden, classes, 'tanh'));

  it('are drawn row-major, layer after layer, from one stream', () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const parameters = drawParameters(spec, 'normal', 1, new RandomState(seed));
        const stream = new RandomState(seed);
        for (const { inputs, outputs, slices } of layersOf(spec)) {
          const [weights, biases] = slices.map(({ offset }) => offset);
          for (let i = 0; i < inputs * outputs; i++) {
            expect(parameters[weights + i]).toBe(stream.randn());
          }
          expect(biases).toBe(weights + inputs * outputs);
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('fill their layout without a gap, and the summary counts them', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const layout = parameterLayout(spec);
        let offset = 0;
        for (const slice of layout.slices) {
          expect(slice.offset).toBe(offset);
          expect(slice.shape.reduce((product, size) => product * size, 1)).toBe(slice.length);
          offset += slice.length;
        }
        expect(layout.length).toBe(offset);
        expect(summarize(spec).total).toBe(offset);
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});

describe('summary', () => {
  it('is the notebook’s: 1,185 parameters', () => {
    const spec = networkFor(64, [16, 8], 2, 'sigmoid');
    expect(summarize(spec)).toEqual({
      rows: [
        { name: 'dense_1 (Dense, sigmoid)', outputShape: '(None, 16)', parameters: 1040 },
        { name: 'dense_2 (Dense, sigmoid)', outputShape: '(None, 8)', parameters: 136 },
        { name: 'dense_3 (Dense, sigmoid)', outputShape: '(None, 1)', parameters: 9 },
      ],
      total: 1185,
    });
    expect(formatSummary(spec)).toBe(
      [
        'Layer (type)             | Output Shape | Param #',
        '=================================================',
        'dense_1 (Dense, sigmoid) | (None, 16)   |   1,040',
        'dense_2 (Dense, sigmoid) | (None, 8)    |     136',
        'dense_3 (Dense, sigmoid) | (None, 1)    |       9',
        '=================================================',
        'Total params: 1,185',
        '',
      ].join('\n'),
    );
  });

  it('names the activation of hidden layers and the softmax', () => {
    const names = summarize(networkFor(64, [64], 10, 'relu')).rows.map((row) => row.name);
    expect(names).toEqual(['dense_1 (Dense, relu)', 'dense_2 (Dense, softmax)']);
  });
});
