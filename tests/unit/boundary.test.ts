/** What the network answers over the plane, and the pictures that are made of it. */
import { describe, expect, it } from 'vitest';
import {
  answerColors,
  answerLines,
  boundarySentence,
  cellAt,
  type Palette,
  placeIn,
  ticksOf,
  unitColors,
  unitLines,
} from '../../src/app/lab/panels/boundary/colors';
import { linesBetween } from '../../src/app/lab/panels/boundary/contour';
import { boundaryOf, cellsOf, extentOf, planePointsOf } from '../../src/app/worker/make-boundary';
import { loadRows } from '../../src/data/registry';
import { scaleRows } from '../../src/data/scaler';
import { forward } from '../../src/reference/network';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';

const PALETTE: Palette = {
  zero: [250, 250, 250],
  classes: [
    [200, 100, 0],
    [0, 100, 200],
    [0, 200, 0],
  ],
};

async function prepareCircle(changes: Partial<Configuration> = {}) {
  const configuration = checkConfiguration({
    ...{ dataset: 'circle', hidden: [4], activation: 'tanh', init: 'glorot_uniform' },
    ...changes,
  });
  return prepare(configuration, await loadRows(configuration));
}

describe('the boundary', () => {
  it('is what the reference answers in the middle of every cell', async () => {
    const prepared = await prepareCircle();
    const { spec, parameters } = prepared.problem;
    const view = boundaryOf(prepared, { epoch: 7, batch: 2, parameters });
    expect(view).toMatchObject({ epoch: 7, batch: 2, side: 96, extent: extentOf(prepared) });
    const { left, top, right, bottom } = view.extent;
    // The second row, its third cell.
    const at = { x: left + (2.5 * (right - left)) / 96, y: top - (1.5 * (top - bottom)) / 96 };
    const cell = 96 + 2;
    expect(cellAt(view, at)).toBe(cell);
    const features = scaleRows(prepared.scaler, [at.x, at.y]);
    const [hidden, [p]] = forward(spec, parameters, features, 1);
    expect(view.winners[cell]).toBe(p > 0.5 ? 1 : 0);
    expect(view.strengths[cell]).toBeCloseTo(Math.max(p, 1 - p), 6);
    expect(view.units.map(({ layer, unit, of }) => [layer, unit, of])).toEqual([
      ...[0, 1, 2, 3].map((unit) => [1, unit, 4]),
    ]);
    // The nearest cell of a picture with a third of the cells: the middle one of three by three.
    expect(view.units[3].values[0]).toBeCloseTo(
      forward(spec, parameters, scaleRows(prepared.scaler, cellsOf(view.extent, 96)), 96 * 96)[0][
        4 * (96 + 1) + 3
      ],
      6,
    );
    expect(hidden).toHaveLength(4);
    expect(view.lookedAt).toBeUndefined();
    const looked = { layer: 1, unit: 3 };
    const close = boundaryOf(prepared, { epoch: 7, batch: 2, parameters }, looked).lookedAt;
    expect(close).toMatchObject(looked);
    expect(close?.values).toHaveLength(96 * 96);
    expect(close?.values[cell]).toBe(Math.fround(hidden[3]));
  });

  it('has all points in sight, each with its class', async () => {
    const prepared = await prepareCircle({ noise: 1 });
    const extent = extentOf(prepared);
    const { train, test } = planePointsOf(prepared);
    expect([train.labels.length, test.labels.length]).toEqual([400, 100]);
    expect([train.of, test.of]).toEqual([400, 100]);
    for (const { values } of [train, test]) {
      for (let i = 0; i < values.length; i += 2) {
        const { x, y } = placeIn(extent, { x: values[i], y: values[i + 1] });
        expect(Math.min(x, y, 1 - x, 1 - y)).toBeGreaterThan(0.05);
      }
    }
  });

  it('is asked in fewer places where a network is large, and only of two features', async () => {
    const large = await prepareCircle({ hidden: [128, 64] });
    const view = boundaryOf(large, { epoch: 0, batch: 0, parameters: large.problem.parameters });
    expect(view.side).toBe(32);
    expect(view.units).toHaveLength(2 * 24);
    const iris = checkConfiguration({ dataset: 'iris' });
    const other = prepare(iris, await loadRows(iris));
    expect(() =>
      boundaryOf(other, { epoch: 0, batch: 0, parameters: other.problem.parameters }),
    ).toThrow(RangeError);
  });
});

describe('its axes', () => {
  it('have a few round numbers, in the units of the data', () => {
    const texts = (from: number, to: number) => ticksOf(from, to).map(({ text }) => text);
    expect(texts(-6.2, 6.1)).toEqual(['−5', '0', '5']);
    expect(texts(0.0011, 0.0042)).toEqual(['0.002', '0.003', '0.004']);
    expect(texts(11e6, 25e6)).toEqual(['15M', '20M', '25M']);
    for (const { value } of ticksOf(-6.2, 6.1)) expect(Math.abs(value)).toBeLessThanOrEqual(6.2);
  });
});

describe('its colours', () => {
  it('are the classes’ own, the paler the less certain', () => {
    const view = { winners: Uint8Array.of(0, 1, 1), strengths: Float32Array.of(1, 0.5, 0.75) };
    const colors = answerColors(view, 2, PALETTE);
    // Half of the way, so that a point of the class stands out.
    expect([...colors.subarray(0, 4)]).toEqual([225, 175, 125, 255]);
    expect([...colors.subarray(4, 8)]).toEqual([250, 250, 250, 255]);
    expect([...colors.subarray(8)]).toEqual([188, 212, 238, 255]);
  });

  it('of three classes are pale at a third', () => {
    const view = { winners: Uint8Array.of(2, 2), strengths: Float32Array.of(1 / 3, 1) };
    const colors = answerColors(view, 3, PALETTE);
    expect([...colors]).toEqual([250, 250, 250, 255, 125, 225, 125, 255]);
  });

  it('of a unit turn at its middle, and span what it has', () => {
    const values = Float32Array.of(0, 0.5, 1);
    expect([...unitColors(values, 'sigmoid', PALETTE)]).toEqual([
      ...[225, 175, 125, 255, 250, 250, 250, 255, 125, 175, 225, 255],
    ]);
    const relu = unitColors(Float32Array.of(0, 2, 4), 'relu', PALETTE);
    expect([...relu.subarray(4)]).toEqual([188, 212, 238, 255, 125, 175, 225, 255]);
  });

  it('are said in words', () => {
    const winners = Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 0);
    expect(boundarySentence({ winners }, ['0', '1'])).toBe(
      'The network answers 0 in 75 % of the plane and 1 in 25 %.',
    );
    expect(boundarySentence({ winners }, ['a', 'b', 'c'])).toBe(
      'The network answers a in 75 % of the plane, b in 25 % and c in 0 %.',
    );
  });
});

describe('its lines', () => {
  it('lie where the network is undecided, up to the rim', () => {
    const view = {
      side: 2,
      winners: Uint8Array.of(0, 1, 0, 1),
      strengths: Float32Array.of(0.75, 1, 0.75, 1),
    };
    // A quarter and a half from even: a third of the way between the middles, at 0.25 and 0.75.
    const lines = answerLines(view, 2);
    expect(lines.map(([fromX, , toX]) => [fromX, toX])).toEqual(
      Array.from({ length: 3 }, () => [expect.closeTo(5 / 12, 6), expect.closeTo(5 / 12, 6)]),
    );
    const heights = lines.flatMap(([, fromY, , toY]) => [fromY, toY]).sort((a, b) => a - b);
    expect(heights).toEqual([0, 0.25, 0.25, 0.75, 0.75, 1]);
  });

  it('meet where three classes do', () => {
    const lines = linesBetween({ side: 2, kinds: [0, 1, 2, 2], margins: [1, 1, 1, 1] });
    const ends = lines.map(([, , x, y]) => [x, y]).filter(([x]) => x > 0.4 && x < 0.6);
    expect(ends).toContainEqual([0.5, expect.closeTo((0.25 + 0.5 + 0.5) / 3, 6)]);
  });

  it('of a unit lie at its middle, and relu’s, which stays at it, has none', () => {
    const values = Float32Array.of(-1, -1, 1, 1);
    for (const [, fromY, , toY] of unitLines(values, 'tanh'))
      expect([fromY, toY]).toEqual([0.5, 0.5]);
    expect(unitLines(values, 'tanh')).toHaveLength(3);
    expect(unitLines(Float32Array.of(0, 0, 1, 1), 'relu')).toEqual([]);
  });
});
