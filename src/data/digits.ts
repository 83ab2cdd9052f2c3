/**
 * Handwritten digits, counted down to 8 × 8 pixels: a CSV with one image a line, its pixels of 0 to 16
 * in row-major order, then the digit. scikit-learn's `load_digits` has the same rows in the same order.
 */
import type { Dataset } from './dataset';

export const digits: Dataset = {
  name: 'digits',
  title: 'Handwritten digits',
  description:
    'Handwritten digits, scanned and counted down to 8 × 8 pixels of ink, from 0 to 16 each.',
  source:
    'Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0',
  input: { channels: 1, height: 8, width: 8 },
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  noun: 'digit',
  // The inked pixels of a block of 4 × 4.
  range: [0, 16],
  split: { kind: 'stratified' },
  drawing: {
    block: 4,
    // The data's strokes are about 4 to 5 pixels wide.
    penRadius: 2,
    // Every image of the data reaches from the first row to the last; wide digits span 20 columns.
    frame: { width: 20, height: 32 },
    // Of 1,024 pixels; nine images in ten have 261 to 369, whatever the digit.
    typicalInk: 313,
    help: 'As the data set was made: fitted to a frame of 20 × 32 pixels in 32 × 32, strokes as thick as the data’s, and the ink of every 4 × 4 block counted, 0 to 16.',
  },
  load: async () => (await import('./digits-rows')).loadDigits(),
};
