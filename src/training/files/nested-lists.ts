/** A slice of the parameters as lists in lists, by its shape, whatever its dimensions. */
import { type Shape, sizeOf } from '../../layers/kind';
import type { ParameterSlice } from '../../layers/layer';
import { InvalidInputError } from '../errors';
import { checked, NUMBERS } from './checks';

/** Values as lists in lists: `[2, 3]` gives two lists of three. */
export function nested(values: Float64Array, [, ...inner]: Shape): unknown {
  if (inner.length === 0) return Array.from(values);
  const size = sizeOf(inner);
  return Array.from({ length: values.length / size }, (_, i) =>
    nested(values.subarray(i * size, (i + 1) * size), inner),
  );
}

/**
 * Reads lists in lists into the values of a slice.
 *
 * @param place - of the list in the slice, each index from 1
 * @throws InvalidInputError for a list of another length than the shape's, or what is no finite number
 */
export function fill(
  values: Float64Array,
  slice: Pick<ParameterSlice, 'name' | 'shape'>,
  list: unknown,
  place: readonly number[] = [],
): void {
  const { name, shape } = slice;
  const [length, ...inner] = shape.slice(place.length);
  if (!Array.isArray(list) || list.length !== length) {
    const where = place.length === 0 ? 'entries' : `values in row ${place.join(', ')}`;
    const found = Array.isArray(list) ? `${list.length} ${where}` : list;
    throw new InvalidInputError(name, found, `this network’s ${name} is ${shape.join(' × ')}`);
  }
  if (inner.length === 0) {
    values.set(checked(NUMBERS, list, name));
    return;
  }
  const size = sizeOf(inner);
  for (const [i, entry] of list.entries()) {
    fill(values.subarray(i * size, (i + 1) * size), slice, entry, [...place, i + 1]);
  }
}
