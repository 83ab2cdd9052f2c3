/**
 * Points in the plane of two classes: the four distributions of TensorFlow Playground
 * (https://github.com/tensorflow/playground, src/dataset.ts), drawn by NumPy's generator. As there, the
 * plane is ±6 wide, and half of the 500 points are of either class. Noise is another: normal, added to
 * points that have their class already, so that it mixes the classes in all four.
 */
import type { Dataset } from './dataset';
import type { PlaneName } from './plane-points';

function planeOf(name: PlaneName, title: string, description: string): Dataset {
  return {
    name,
    title,
    description,
    source:
      'The distributions of TensorFlow Playground, D. Smilkov and S. Carter, Apache License 2.0; drawn anew here',
    input: { channels: 1, height: 1, width: 2 },
    featureNames: ['x', 'y'],
    classNames: ['0', '1'],
    noun: 'point',
    range: [-6, 6],
    split: { kind: 'stratified' },
    drawnFrom: ['splitSeed', 'noise'],
    load: async (settings) => {
      const { drawPoints } = await import('./plane-points');
      return drawPoints(name, settings);
    },
  };
}

export const circle = planeOf(
  'circle',
  'Circle',
  'Points in the plane: class 1 lies in the middle, class 0 in a ring around it.',
);

export const xor = planeOf(
  'xor',
  'Exclusive or',
  'Points in the plane: class 1 where x and y have the same sign, class 0 where they do not.',
);

export const gauss = planeOf(
  'gauss',
  'Two clouds',
  'Points in the plane: two clouds that a straight line can tell apart.',
);

export const spiral = planeOf(
  'spiral',
  'Spiral',
  'Points in the plane: two arms of a spiral, wound into each other.',
);
