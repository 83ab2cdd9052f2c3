/** MNIST, whole: 60,000 handwritten digits to train on and 10,000 to test with, of 28 × 28 bytes each. */
import type { Dataset } from './dataset';

export const mnist: Dataset = {
  name: 'mnist',
  title: 'MNIST',
  description:
    'Handwritten digits, 28 × 28 pixels of 256 shades of ink: 60,000 to train on and 10,000 to test with, by other people.',
  source: 'MNIST, Y. LeCun, C. Cortes and C. J. C. Burges, from NIST’s Special Databases 1 and 3',
  input: { channels: 1, height: 28, width: 28 },
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  noun: 'digit',
  range: [0, 255],
  split: { kind: 'given', trainRows: 60_000 },
  drawing: {
    block: 4,
    // Strokes of the data are two to three of its own pixels wide.
    penRadius: 5,
    box: 20,
    help: 'As MNIST was made: scaled into a box of 20 × 20 pixels, grey where ink covers a part of a pixel, and put into 28 × 28 by its centre of mass; 0 to 255.',
  },
  load: async (_settings, onProgress) => {
    const { loadMnist } = await import('./mnist-rows');
    return loadMnist(onProgress);
  },
};
