/** The images of a lesson, as the page paints them: whoever has painted one need not paint it again. */
import { expect, it } from 'vitest';
import { imageAt } from '../../src/app/state/images';

it('an image is the same array each time, and every image has its own values', () => {
  const images = { pixels: Float64Array.of(1, 2, 3, 4), names: ['0', '1'] };
  const first = imageAt(images, 0);
  expect(imageAt(images, 1)).toEqual(Float64Array.of(3, 4));
  expect(first).toEqual(Float64Array.of(1, 2));
  expect(imageAt(images, 0)).toBe(first);
  // Of other data they are others.
  expect(imageAt({ ...images }, 0)).not.toBe(first);
});
