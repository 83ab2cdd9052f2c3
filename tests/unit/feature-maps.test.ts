/** Feature maps: what a place of one sees, what the worker sends of them, and what they are called. */
import { describe, expect, it, test } from 'vitest';
import { placeByKey } from '../../src/app/lab/panels/maps/looked-at-place';
import { fieldText, mapName } from '../../src/app/lab/panels/maps/words';
import { CHANNELS_FOLDED, type MapsQuestion } from '../../src/app/worker/feature-maps';
import { featureMapsOf } from '../../src/app/worker/make-feature-maps';
import { passOf } from '../../src/app/worker/pass';
import { scaledFeatures } from '../../src/data/samples';
import { asImage } from '../../src/layers/image';
import { parseLayers } from '../../src/layers/layer';
import { referenceOf } from '../../src/layers/reference';
import { classifier, layersOf } from '../../src/model/network-spec';
import { parameterLayout, viewsOf } from '../../src/model/parameter-layout';
import { hasMaps, type MapPlace, patchesOf } from '../../src/model/receptive-field';
import { shapeSteps } from '../../src/model/shape-steps';
import { forward } from '../../src/reference/network';
import { checkConfiguration } from '../../src/training/configuration/check';
import { firstParameters, prepare } from '../../src/training/prepare';
import { loadDigits } from '../fixtures';

const ASK: MapsQuestion = { unfolded: [], place: undefined };

describe('a receptive field', () => {
  const layers = parseLayers(
    'conv 2 3x3 same relu; max_pool 2; conv 3 3x2 stride 2 relu; conv 2 3x1 same relu; dense 2 relu',
  );
  const spec = classifier([2, 13, 11], layers ?? [], 3);
  const places = layersOf(spec);
  const maps = places.filter(hasMaps);
  // All above zero, so that whatever is seen makes a difference.
  const parameters = Float64Array.from(
    { length: parameterLayout(spec).length },
    (_, i) => 0.1 + ((i * 7919) % 101) / 101,
  );
  const through = (values: Float64Array, from: number, to: number): Float64Array => {
    let input = values;
    for (const place of places.slice(from, to)) {
      const pass = { place, parameters: viewsOf(place, parameters), input, count: 1 };
      input = referenceOf(place.layer).forward(pass);
    }
    return input;
  };

  it('is all that makes a difference to its place, in the sample and in every layer below', () => {
    expect(maps).toHaveLength(4);
    for (const place of maps) {
      const { channels, height, width } = asImage(place.output);
      const corner = { row: height - 1, column: width - 1 };
      const middle = { row: height >> 1, column: width >> 1 };
      for (const at of [{ row: 0, column: 0 }, middle, corner]) {
        const channel = channels - 1;
        const patches = patchesOf(places, { layer: place.index, channel, ...at });
        const unit = (channel * height + at.row) * width + at.column;
        for (let level = 0; level < place.index; level++) {
          const shape = places[level].input;
          const values = Float64Array.from({ length: places[level].inputs }, (_, i) => i % 5);
          const before = through(values, level, place.index)[unit];
          const seen = Array.from(values, (value, i) => {
            // Larger than all others, or a maximum would not show it.
            const changed = through(values.with(i, value + 100), level, place.index)[unit];
            return changed !== before;
          });
          const { rows, columns, channel: only } = patches[level];
          const image = asImage(shape);
          const expected = Array.from(values, (_, i) => {
            const row = Math.floor(i / image.width) % image.height;
            const column = i % image.width;
            return (
              (only === undefined || only === Math.floor(i / (image.width * image.height))) &&
              row >= rows.first &&
              row <= rows.last &&
              column >= columns.first &&
              column <= columns.last
            );
          });
          expect(seen, `layer ${place.index}, level ${level}, ${JSON.stringify(at)}`).toEqual(
            expected,
          );
        }
      }
    }
  });

  it('is said in words, with the layer below', () => {
    const words = (at: MapPlace) => fieldText(places, patchesOf(places, at));
    expect(words({ layer: 1, channel: 0, row: 0, column: 4 })).toBe(
      'rows 1 to 2, columns 4 to 6 of the input',
    );
    expect(words({ layer: 2, channel: 1, row: 0, column: 4 })).toBe(
      'rows 1 to 3, columns 8 to 11 of the input; rows 1 to 2, columns 9 to 10 of channel 2 of conv 1',
    );
    expect(words({ layer: 3, channel: 1, row: 1, column: 0 })).toMatch(
      /; rows 3 to 5, columns 1 to 2 of all 2 maps of max pool 2$/,
    );
  });

  it('is nobody’s where there is no such place', () => {
    for (const at of [
      { layer: 5, channel: 0, row: 0, column: 0 },
      { layer: 1, channel: 2, row: 0, column: 0 },
      { layer: 1, channel: 0, row: 13, column: 0 },
    ]) {
      expect(() => patchesOf(places, at)).toThrow(RangeError);
    }
  });
});

describe('the maps that the worker sends', () => {
  const configuration = checkConfiguration({
    layers: 'conv 20 3x3 same relu; max_pool 2; dense 4 tanh',
  });
  const prepared = prepare(configuration, loadDigits());
  const { spec, test: samples } = prepared.problem;
  const snapshot = { epoch: 3, batch: 0, parameters: firstParameters(configuration) };
  const row = scaledFeatures(samples, prepared.sampleIndices[0], 1);
  const activations = forward(spec, snapshot.parameters, row, 1);

  it('are the first channels of what the reference makes of the sample', () => {
    const view = featureMapsOf(prepared, passOf(prepared, snapshot), ASK);
    expect(view).toMatchObject({ epoch: 3, sample: prepared.sampleIndices[0], place: undefined });
    expect(view.layers.map(({ layer, channels }) => [layer, channels])).toEqual([
      [1, CHANNELS_FOLDED],
      [2, CHANNELS_FOLDED],
    ]);
    for (const [index, { values, largest }] of view.layers.entries()) {
      const all = activations[index];
      expect(values).toEqual(Float32Array.from(all.subarray(0, (all.length * 16) / 20)));
      expect(largest).toBe(Math.max(...all.map(Math.abs)));
    }
    const [p] = activations[3];
    expect([...view.probabilities]).toEqual([1 - p, p]);
    expect(view.filters?.weights).toEqual(snapshot.parameters.slice(0, 16 * 9));
  });

  it('are all of them where they are asked for, and of a sample of one’s own', () => {
    const sample = Float64Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const pass = passOf(prepared, snapshot, sample);
    const view = featureMapsOf(prepared, pass, { ...ASK, unfolded: [2] });
    expect(view.layers.map(({ channels }) => channels)).toEqual([16, 20]);
    expect(view.sample).toBeUndefined();
    const expected = forward(spec, snapshot.parameters, sample, 1)[1];
    expect(view.layers[1].values).toEqual(Float32Array.from(expected));
  });

  it('look at a place with its filter, whose sum over the patch it is', () => {
    const place = { layer: 1, channel: 18, row: 3, column: 5 };
    const pass = passOf(prepared, snapshot);
    const { place: seen } = featureMapsOf(prepared, pass, { ...ASK, place });
    const filter = snapshot.parameters.slice(18 * 9, 19 * 9);
    expect(seen).toMatchObject({ ...place, value: activations[0][18 * 64 + 3 * 8 + 5] });
    expect(seen?.filter).toEqual(filter);
    const patch = [2, 3, 4].flatMap((y) => [4, 5, 6].map((x) => row[8 * y + x]));
    const sum = filter.reduce((total, weight, i) => total + weight * patch[i], 0);
    expect(seen?.sum).toBeCloseTo(sum + (seen?.bias ?? Number.NaN), 12);
    const pooled = featureMapsOf(prepared, pass, { ...ASK, place: { ...place, layer: 2 } });
    // Beyond the edge: a pooled map has four rows and columns.
    expect(pooled.place).toBeUndefined();
  });

  it('are none of a network without convolutions', () => {
    const dense = checkConfiguration({});
    const all = prepare(dense, loadDigits());
    const start = { epoch: 0, batch: 0, parameters: firstParameters(dense) };
    const view = featureMapsOf(all, passOf(all, start), ASK);
    expect([view.layers, view.filters]).toEqual([[], undefined]);
  });
});

test('a map is named by its layer, its size and where it is strongest', () => {
  const layers = parseLayers('conv 4 3x3 same relu; max_pool 2') ?? [];
  const places = layersOf(classifier([1, 4, 6], layers, 2));
  expect(
    mapName(
      places[0],
      2,
      Float32Array.from({ length: 24 }, (_, i) => (i === 13 ? -2 : 1)),
    ),
  ).toBe('conv 1, channel 3 of 4, 4 by 6; strongest at row 3, column 2');
  expect(mapName(places[1], 0, new Float32Array(6))).toBe(
    'max pool 2, channel 1 of 4, 2 by 3; 0 everywhere',
  );
});

test('keys move within a map, to its strongest place and to its neighbours', () => {
  const size = { channels: 3, height: 4, width: 6 };
  const strongest = { layer: 1, channel: 2, row: 3, column: 0 };
  const key = (name: string, from?: MapPlace) => placeByKey(name, from, strongest, size);
  const here = { layer: 1, channel: 2, row: 1, column: 5 };
  expect(key('ArrowUp')).toEqual(strongest);
  expect(key('ArrowUp', { ...here, channel: 1 })).toEqual(strongest);
  expect(key('ArrowUp', here)).toEqual({ ...here, row: 0 });
  expect(key('ArrowRight', here)).toEqual(here);
  expect(key('Home', here)).toEqual(strongest);
  expect(key('PageUp', here)).toEqual({ ...here, channel: 1 });
  expect(key('PageDown', here)).toEqual(here);
  expect(key('x', here)).toBeUndefined();
});

test('shapes go as far as the layers fit', () => {
  const shapes = (...texts: string[]) => shapeSteps([1, 8, 8], texts).map(({ shape }) => shape);
  expect(shapes('conv 16 3x3 same relu', ' max_pool 2 ', 'dense 10 relu')).toEqual([
    [16, 8, 8],
    [16, 4, 4],
    [10],
  ]);
  expect(shapes('dense 4 relu', 'conv 2 3x3 relu', 'dense 4 relu')).toEqual([
    [4],
    undefined,
    undefined,
  ]);
  expect(shapes('conv 16 3x3', 'max_pool 2')).toEqual([undefined, undefined]);
});
