/** What the digits are drawn on: 32 × 32 pixels in blocks of 4 × 4. */
import { type Sheet, sheetOf } from '../../src/data/bitmap';
import { datasetOf } from '../../src/data/registry';

export const DIGITS_SHEET = sheetOf(datasetOf('digits')) as Sheet; // it has a rule for drawings
