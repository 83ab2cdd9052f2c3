/** What the worker says of a network for the stage: which units and weights, and the numbers beside the reference's. */
import { describe, expect, it } from 'vitest';
import { edgesOf, stageViewOf, unitsShown } from '../../src/app/worker/make-stage-view';
import { passOf } from '../../src/app/worker/pass';
import {
  MAPS_SHOWN,
  MOST_WHOLE,
  type StageQuestion,
  UNITS_SHOWN,
} from '../../src/app/worker/stage-view';
import { scaledFeatures } from '../../src/data/samples';
import { layersOf, networkFor } from '../../src/model/network-spec';
import { parameterLayout } from '../../src/model/parameter-layout';
import { forward } from '../../src/reference/network';
import { checkConfiguration } from '../../src/training/configuration/check';
import { firstParameters, prepare } from '../../src/training/prepare';
import { loadDigits } from '../fixtures';

const ASK: StageQuestion = { before: [], unit: undefined };

describe('the units shown', () => {
  it('are all of a small layer', () => {
    const all = Uint32Array.from({ length: MOST_WHOLE }, (_, i) => i);
    expect(unitsShown(new Float64Array(MOST_WHOLE))).toEqual(all);
  });

  it('are the strongest of a large one, in order', () => {
    const activations = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0 : -i));
    const shown = unitsShown(activations);
    expect(shown).toEqual(Uint32Array.from({ length: UNITS_SHOWN }, (_, i) => 105 + 2 * i));
  });

  it('stay while they are near the strongest, and go when they are not', () => {
    const activations = Float64Array.from({ length: 200 }, (_, i) => 200 - i);
    // 60 is among the first 96, 150 is not.
    const shown = unitsShown(activations, Uint32Array.of(60, 150));
    expect(shown).toHaveLength(UNITS_SHOWN);
    expect(shown).toContain(60);
    expect(shown).not.toContain(150);
    expect(shown).not.toContain(47);
  });
});

describe('the weights drawn', () => {
  const spec = networkFor(64, [16, 100], 2, 'relu');
  const parameters = Float64Array.from(
    { length: parameterLayout(spec).length },
    (_, i) => ((i * 7919) % 1000) - 500,
  );
  const [first, second] = layersOf(spec);

  it('are each unit’s strongest', () => {
    const shown = unitsShown(new Float64Array(16));
    const { from, to, weights, largest } = edgesOf(first, parameters, shown);
    expect(from).toHaveLength(16 * 24);
    for (let unit = 0; unit < 16; unit++) {
      const all = parameters.slice(64 * unit, 64 * (unit + 1));
      const sizes = all.map(Math.abs).sort().reverse();
      const drawn = [...weights].filter((_, edge) => to[edge] === unit);
      expect(drawn.map(Math.abs).sort((a, b) => b - a)).toEqual([...sizes.slice(0, 24)]);
      for (const edge of from.keys()) {
        if (to[edge] === unit) expect(weights[edge]).toBe(all[from[edge]]);
      }
    }
    expect(largest).toBe(Math.max(...parameters.slice(0, 1024).map(Math.abs)));
  });

  it('begin at the units shown of the layer before', () => {
    const { offset } = second.slices[0];
    const { from, to, weights } = edgesOf(
      second,
      parameters,
      Uint32Array.of(90),
      Uint32Array.of(3, 9),
    );
    expect([...from]).toEqual([0, 1]);
    expect([...to]).toEqual([0, 0]);
    expect([...weights]).toEqual([3, 9].map((unit) => parameters[offset + 16 * 90 + unit]));
  });
});

for (const [name, settings] of [
  ['the notebook', {}],
  [
    'ten digits, folded',
    { classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], hidden: [100, 12], activation: 'relu' },
  ],
] as const) {
  describe(`the stage of ${name}`, () => {
    const configuration = checkConfiguration(settings);
    const prepared = prepare(configuration, loadDigits());
    const { spec, test } = prepared.problem;
    const snapshot = { epoch: 3, batch: 2, parameters: firstParameters(configuration) };
    const activationsOf = (index: number) => {
      const row = scaledFeatures(test).subarray(64 * index, 64 * (index + 1));
      return forward(spec, snapshot.parameters, row, 1);
    };

    it('has the activations of the first of the ten samples', () => {
      const view = stageViewOf(prepared, passOf(prepared, snapshot), ASK);
      const expected = activationsOf(prepared.sampleIndices[0]);
      expect(view).toMatchObject({ epoch: 3, batch: 2 });
      expect(view.sample).toBe(prepared.sampleIndices[0]);
      for (const [index, { shown, activations }] of view.layers.entries()) {
        expect([...activations]).toEqual(Array.from(shown, (unit) => expected[index][unit]));
      }
    });

    it('answers for the ten samples as each alone would be', () => {
      const { answers } = stageViewOf(prepared, passOf(prepared, snapshot), ASK);
      expect(answers.map(({ sample }) => sample)).toEqual([...prepared.sampleIndices]);
      for (const { sample, label, predicted, probability } of answers) {
        const outputs = activationsOf(sample).at(-1) ?? new Float64Array();
        const all = outputs.length === 1 ? [1 - outputs[0], outputs[0]] : [...outputs];
        expect(label).toBe(test.labels[sample]);
        expect(probability).toBe(Math.max(...all));
        expect(all[predicted]).toBe(probability);
      }
    });

    it('sends another sample through, and looks at one of its units', () => {
      const features = Float64Array.from({ length: 64 }, (_, i) => Math.sin(i));
      const unit = { layer: 2, unit: 5 };
      const view = stageViewOf(prepared, passOf(prepared, snapshot, features), { ...ASK, unit });
      const expected = forward(spec, snapshot.parameters, features, 1);
      const place = layersOf(spec)[1];
      const weights = snapshot.parameters.subarray(
        place.slices[0].offset + 5 * place.inputs,
        place.slices[0].offset + 6 * place.inputs,
      );
      expect(view.sample).toBeUndefined();
      expect(view.unit?.activation).toBe(expected[1][5]);
      expect([...(view.unit?.weights ?? [])]).toEqual([...weights]);
      const sum = weights.reduce((total, weight, i) => total + weight * expected[0][i], 0);
      expect(view.unit?.sum).toBeCloseTo(sum + (view.unit?.bias ?? Number.NaN), 12);
    });

    it('refuses features that are not the network’s', () => {
      const sample = new Float64Array(63);
      expect(() => passOf(prepared, snapshot, sample)).toThrow(RangeError);
    });
  });
}

it('of a layer with maps has the first of them, each with its strongest unit', () => {
  const configuration = checkConfiguration({ layers: 'conv 8 3x3 same tanh; max_pool 4' });
  const prepared = prepare(configuration, loadDigits());
  const parameters = firstParameters(configuration);
  const view = stageViewOf(prepared, passOf(prepared, { epoch: 0, batch: 0, parameters }), ASK);
  const [first] = prepared.sampleIndices;
  const [conv] = forward(
    prepared.problem.spec,
    parameters,
    scaledFeatures(prepared.problem.test, first, 1),
    1,
  );
  const { maps, shown, activations } = view.layers[0];
  expect(maps).toEqual(Float32Array.from(conv.subarray(0, MAPS_SHOWN * 64)));
  for (const [map, unit] of shown.entries()) {
    const largest = Math.max(...conv.subarray(64 * map, 64 * (map + 1)).map(Math.abs));
    expect(Math.floor(unit / 64)).toBe(map);
    expect(activations[map]).toBe(conv[unit]);
    expect(Math.abs(conv[unit])).toBe(largest);
  }
  expect(view.layers.map((layer) => [layer.shown.length, layer.maps?.length])).toEqual([
    [MAPS_SHOWN, MAPS_SHOWN * 64],
    [MAPS_SHOWN, MAPS_SHOWN * 4],
    [1, undefined],
  ]);
});
