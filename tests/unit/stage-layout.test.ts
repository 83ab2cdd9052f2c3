/** The picture of the network: where nodes stand, which of them a pointer or a key means, and what is said of them. */
import { describe, expect, it } from 'vitest';
import { layoutOf, nodeAt, nodeByKey, pixelPlace } from '../../src/app/stage/layout';
import { sparkPath, sparkTop } from '../../src/app/stage/spark-path';
import { columnCaption, namesApart, networkSentence, runTitle } from '../../src/app/stage/words';
import { parseLayers } from '../../src/layers/layer';
import { classifier, layersOf, networkFor } from '../../src/model/network-spec';
import { checkConfiguration } from '../../src/training/configuration/check';

const DIGITS = { width: 8, height: 8 };
const DESKTOP = { width: 620, height: 352, type: 13 };

describe('the layout of a picture', () => {
  for (const [name, shown] of [
    ['the notebook', [16, 8, 1]],
    ['ten digits', [64, 32, 10]],
    ['folded layers', [48, 48, 48, 10]],
    ['no hidden layer', [1]],
    ['many layers', [...new Array<number>(12).fill(20), 10]],
  ] as const) {
    for (const size of [DESKTOP, { width: 358, height: 240, type: 13 }]) {
      it(`has every node of ${name} inside and apart from the next, at ${size.width} px`, () => {
        const { image, columns, captions } = layoutOf(size, DIGITS, shown);
        expect(columns.map(({ nodes }) => nodes.length)).toEqual(shown);
        let left = image.x + image.width;
        for (const { x, radius, nodes } of columns) {
          expect(x - radius).toBeGreaterThan(left);
          left = x + radius;
          expect(nodes[0].y - radius).toBeGreaterThanOrEqual(0);
          expect((nodes.at(-1)?.y ?? 0) + radius).toBeLessThan(captions);
          for (const [i, node] of nodes.slice(1).entries()) {
            expect(node.y - nodes[i].y).toBeGreaterThan(2 * radius);
          }
        }
        // The names of the classes have their room.
        expect(left).toBeLessThanOrEqual(size.width - 40);
      });
    }
  }

  it('gives maps more room than nodes, and keeps them apart', () => {
    const { columns } = layoutOf({ ...DESKTOP, width: 900 }, DIGITS, [6, 6], 1, [true, false]);
    const [maps, nodes] = columns;
    expect(maps.radius).toBeGreaterThan(nodes.radius);
    expect(maps.nodes[1].y - maps.nodes[0].y).toBeGreaterThan(2 * maps.radius);
  });

  it('keeps the shape of the image, whatever that is', () => {
    const { image } = layoutOf(DESKTOP, { width: 28, height: 14 }, [4, 1]);
    expect(image.width / image.height).toBeCloseTo(2);
    const last = pixelPlace(image, { width: 28, height: 14 }, 28 * 14 - 1);
    expect(last.x).toBeCloseTo(image.x + image.width * (27.5 / 28));
    expect(last.y).toBeCloseTo(image.y + image.height * (13.5 / 14));
    // The second channel lies over the first.
    expect(pixelPlace(image, { width: 28, height: 14 }, 28 * 14)).toEqual(
      pixelPlace(image, { width: 28, height: 14 }, 0),
    );
  });
});

describe('a pointer', () => {
  const layout = layoutOf(DESKTOP, DIGITS, [64, 8, 1]);

  it('means the nearest node within reach, and none beyond', () => {
    const { x, nodes } = layout.columns[0];
    expect(nodeAt(layout, { x: x + 3, y: nodes[40].y + 1 })).toEqual({ column: 0, node: 40 });
    expect(nodeAt(layout, { x: x + 40, y: nodes[40].y })).toBeUndefined();
  });
});

describe('the arrow keys', () => {
  const layout = layoutOf(DESKTOP, DIGITS, [16, 8, 1]);
  const by = (column: number, node: number, key: string) =>
    nodeByKey(layout, { column, node }, key);

  it('begin at the first node, whichever comes first', () => {
    expect(nodeByKey(layout, undefined, 'ArrowRight')).toEqual({ column: 0, node: 0 });
    expect(nodeByKey(layout, undefined, 'a')).toBeUndefined();
  });

  it('go along a layer, and stop at its ends', () => {
    expect(by(0, 3, 'ArrowDown')).toEqual({ column: 0, node: 4 });
    expect(by(0, 15, 'ArrowDown')).toEqual({ column: 0, node: 15 });
    expect(by(0, 0, 'ArrowUp')).toEqual({ column: 0, node: 0 });
    expect(by(0, 3, 'End')).toEqual({ column: 0, node: 15 });
    expect(by(0, 3, 'Home')).toEqual({ column: 0, node: 0 });
  });

  it('go from layer to layer at the same height', () => {
    expect(by(0, 15, 'ArrowRight')).toEqual({ column: 1, node: 7 });
    expect(by(1, 7, 'ArrowRight')).toEqual({ column: 2, node: 0 });
    expect(by(2, 0, 'ArrowRight')).toEqual({ column: 2, node: 0 });
    expect(by(2, 0, 'ArrowLeft')).toEqual({ column: 1, node: 4 });
    expect(by(0, 5, 'ArrowLeft')).toEqual({ column: 0, node: 5 });
  });
});

describe('the words', () => {
  const spec = networkFor(64, [512, 8], 2, 'relu');
  const [wide, small, output] = layersOf(spec);

  it('say how many units there are, and how many of them are shown', () => {
    expect(columnCaption(wide, spec, 48, false)).toBe('48 of 512 relu');
    expect(columnCaption(wide, spec, 48, true)).toBe('48 of 512');
    expect(columnCaption(small, spec, 8, false)).toBe('8 relu');
    expect(columnCaption(output, spec, 1, false)).toBe('1 sigmoid');
    expect(networkSentence(spec)).toBe(
      'The network: 64 inputs, 512 relu units, 8 relu units and 1 sigmoid output.',
    );
  });
});

it('of images say their shapes', () => {
  const layers = parseLayers('conv 20 3x3 same relu; max_pool 4; dense 5 tanh') ?? [];
  const spec = classifier([1, 8, 8], layers, 2);
  const [maps, pooled] = layersOf(spec);
  expect(columnCaption(maps, spec, 6, false)).toBe('6 of 20 maps');
  expect(columnCaption(maps, spec, 6, true)).toBe('8×8');
  expect(columnCaption(pooled, spec, 20, false)).toBe('20 maps');
  expect(networkSentence(spec)).toBe(
    'The network: 64 inputs, 8×8×20 relu values, 2×2×20 max pool values, 5 tanh units and 1 sigmoid output.',
  );
});

it('names that begin alike are told apart by what is left', () => {
  expect(namesApart(['class_0', 'class_1'])).toEqual(['0', '1']);
  expect(namesApart(['T-shirt', 'T-bar'])).toEqual(['shirt', 'bar']);
  for (const names of [
    ['0', '1'],
    ['versicolor', 'virginica'],
    ['10', '11'],
    ['a b', 'a b c'],
  ]) {
    expect(namesApart(names)).toEqual(names.map((name) => name.replace(/^a /, '')));
  }
});

it('a run is called by its classes and its layers', () => {
  expect(runTitle(checkConfiguration({}))).toBe('Digits 0 and 1: 64 → 16 → 8 → 1');
  expect(runTitle(checkConfiguration({ classes: [3, 5, 8], hidden: [] }))).toBe(
    'Digits 3, 5 and 8: 64 → 3',
  );
});

describe('a small curve', () => {
  it('goes from the first epoch to where it stands, with a gap where there is no number', () => {
    const points = [
      { x: 1, y: 1 },
      { x: 50, y: Number.NaN },
      { x: 60, y: 0.5 },
      { x: 100, y: 0 },
    ];
    expect(sparkPath(points, 100, 1)).toBe('M2.0 0.0h0M120.0 30.0h0L200.0 60.0');
  });

  it('has an axis that doubles', () => {
    expect(sparkTop([{ x: 1, y: 0.7 }], 0.8)).toBe(0.8);
    expect(sparkTop([{ x: 1, y: 3 }], 0.8)).toBe(3.2);
    expect(sparkTop([{ x: 1, y: Number.POSITIVE_INFINITY }], 0.8)).toBe(0.8);
  });
});
