/** The curves as a picture for a report: size, title, legend, and every value in its place. */
import { expect, test } from 'vitest';
import { pictureOf, svgOf } from '../../src/app/lab/curves/curves-picture';

const POINTS = [
  { x: 1, y: 1 },
  { x: 50, y: 0.1 },
  { x: 100, y: 0.01 },
];

function picture(y: object = {}, more: object = {}) {
  return pictureOf({
    title: 'Digits <8 × 8>: loss & accuracy',
    charts: [
      {
        title: 'Loss',
        drawing: {
          x: { title: 'epoch', minimum: 0, maximum: 100 },
          y: { title: 'cross-entropy loss', minimum: 0, maximum: 1, ...y },
          series: [
            { label: 'train', color: '--series-train', points: POINTS },
            { label: 'test', color: '--series-test', isDashed: true, points: POINTS },
            { label: 'best', color: '--series-test', isMark: true, points: POINTS.slice(2) },
          ],
          ...more,
        },
      },
    ],
    legend: [{ name: 'Notebook · CPU', train: '--series-train', test: '--series-test' }],
    colorOf: (token) => `rgb(${token.length}, 0, 0)`,
  });
}

/** Ends of the first long line: its first and its last place. */
function ends(svg: string): number[] {
  const path = /d="M([^"]*L[^"]*)"/.exec(svg)?.[1] ?? '';
  const places = path.split('L').map((place) => place.split(' ').map(Number));
  return [...places[0], ...places[places.length - 1]];
}

test('has a title, the names of axes and runs, and a size of its own', () => {
  const svg = svgOf(picture());
  expect(svg).toMatch(/^<svg xmlns="[^"]*" width="1240" height="\d+"/);
  for (const text of [
    'Digits &lt;8 × 8&gt;: loss &amp; accuracy',
    ...['Loss', 'epoch', 'cross-entropy loss', 'train', 'test', 'Notebook · CPU'],
    ...['0', '20', '100', '0.2', '1'],
  ]) {
    expect(svg).toContain(`>${text}<`);
  }
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
  // Where both lines are the same, the dashes are seen, and the mark over both.
  const lines = svg.match(/<path d="M[^"]*(L|a4)[^>]*>/g) ?? [];
  const kinds = lines.map((line) => /dasharray|a4/.exec(line)?.[0] ?? 'solid');
  expect(kinds).toEqual(['solid', 'dasharray', 'a4']);
});

test('values stand where the axes say', () => {
  const [x0, y0, x1, y1] = ends(svgOf(picture()));
  // From epoch 1 to 100 of 100, from a loss of 1, at the top, to 0.01.
  const columns = (x1 - x0) / 99;
  const rows = (y1 - y0) / 0.99;
  expect(x0 - columns).toBeCloseTo(32 + 64, 0);
  expect(y0).toBeCloseTo(56 + 36, 0);
  expect(y0 + rows).toBeCloseTo(56 + 400 - 52, 0);
  // On a logarithmic axis each power of ten has the same height, and 0 has no place.
  const log = svgOf(picture({ minimum: undefined, maximum: undefined, isLogarithmic: true }));
  const middle = /L([\d.]+) ([\d.]+)L/.exec(log);
  const [, top, , bottom] = ends(log);
  expect(Number(middle?.[2])).toBeCloseTo((top + bottom) / 2, 0);
});

test('what has changed on the way is marked where it did', () => {
  const marks = [{ x: 50, text: 'learning rate 0.1' }];
  const svg = svgOf(picture({}, { marks }));
  expect(svg).toContain('>learning rate 0.1<');
  // Half-way between the ends of the axis.
  const [from, to] = [32 + 64, 32 + 560 - 12];
  expect(svg).toContain(`d="M${((from + to) / 2).toFixed(1)} ${56 + 400 - 52}V${56 + 36}"`);
});
