/** What every file that is loaded is checked by. */
import * as v from 'valibot';
import { InvalidInputError } from '../errors';

/** Says what an object lacks, or that it is none. */
export const anObject = ({ path }: v.BaseIssue<unknown>) =>
  path === undefined ? 'an object' : 'it has to be there';
export const FINITE = v.pipe(v.number('a finite number'), v.finite('a finite number'));
export const NOT_NEGATIVE = v.pipe(FINITE, v.minValue(0, 'a number from 0'));
export const SHARE = v.pipe(
  FINITE,
  v.check((value) => value >= 0 && value <= 1, 'a share from 0 to 1'),
);
/** By one loop: there may be millions, and a schema for each would be felt. */
export const NUMBERS = v.pipe(
  v.array(v.any(), 'a list of numbers'),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const wrong = value.findIndex((entry) => !Number.isFinite(entry));
    if (wrong < 0) return Float64Array.from(value);
    addIssue({ input: value[wrong], message: 'finite numbers only' });
    return NEVER;
  }),
);
/**
 * @param field - what the value is, where it is not a file with names of its own
 * @throws InvalidInputError that names the first entry which is wrong: "history, epoch 1, loss"
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  field?: string,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [{ path = [], input, message }] = issues;
  const names = path.map(({ key }) => (typeof key === 'number' ? `epoch ${key + 1}` : String(key)));
  throw new InvalidInputError(field ?? names.join(', '), input, message);
}
