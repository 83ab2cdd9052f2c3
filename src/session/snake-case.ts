/** Data with the names that files and JSON documents have. */
import { toSnakeCase } from '../training/configuration/names';

/** A name in camelCase as one in snake_case: `isSoftware` as `is_software`. */
type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** The same data with its names in snake_case, all the way down. */
export type SnakeCased<Data> = Data extends readonly (infer Item)[]
  ? readonly SnakeCased<Item>[]
  : Data extends object
    ? { readonly [Name in keyof Data as SnakeCase<Name & string>]: SnakeCased<Data[Name]> }
    : Data;

/** The same data with its names in snake_case, all the way down. */
export function snakeCased<Data>(data: Data): SnakeCased<Data> {
  const cased = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cased);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [toSnakeCase(name), cased(part)]),
    );
  };
  return cased(data) as SnakeCased<Data>;
}
