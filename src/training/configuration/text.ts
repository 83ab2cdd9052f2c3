/** One field's value as text, as a URL, a control or the command line gives it. */
import { InvalidInputError } from '../errors';
import { allowedValues, checkField } from './check';
import { type Configuration, type ConfigurationKey, FIELDS, type Field } from './fields';
import { toSnakeCase } from './names';

/**
 * A field's value from text, as a URL, a control or the command line gives it.
 *
 * @throws InvalidInputError where the text is no value of the field
 */
export function parseField(key: ConfigurationKey, text: string): Configuration[ConfigurationKey] {
  const field: Field = FIELDS[key];
  const value = valueOfText(field, text.trim());
  if (value === undefined) {
    const meant = withoutComma(field, text.trim());
    const hint = meant === undefined ? '' : `write ${meant}: `;
    throw new InvalidInputError(toSnakeCase(key), text, `${hint}${allowedValues(key)}`);
  }
  // 1e-400 would be said to be 0, which nobody wrote.
  const isLost = value === 0 ? /[1-9]/.test(text.split(/e/i)[0]) : value === Infinity;
  if (isLost) throw new InvalidInputError(toSnakeCase(key), text, allowedValues(key));
  checkField(key, value);
  return value as Configuration[ConfigurationKey];
}

function valueOfText(field: Field, text: string): unknown {
  const number = (part: string) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : undefined;
  switch (field.kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'choice':
    case 'dataset':
    case 'layers':
    case 'points':
    case 'start':
    case 'changes':
      return text;
    case 'integers': {
      if (text === '') return [];
      const parts = text.split(',').map((part) => number(part.trim()));
      return parts.includes(undefined) ? undefined : parts;
    }
    case 'integer':
    case 'number':
      return number(text);
    default:
      return field satisfies never;
  }
}

/** What was meant by a number with a comma: `0.1` by 0,1, and `1000` by 1,000 where whole numbers are asked for. */
function withoutComma({ kind }: Field, text: string): string | undefined {
  if (kind === 'integer' && /^\d{1,3}(,\d{3})+$/.test(text)) return text.replaceAll(',', '');
  if (kind === 'number' && /^[+-]?\d*,\d+$/.test(text)) return text.replace(',', '.');
  return undefined;
}

/** A field's value as text that `parseField` reads back. */
export function formatField(value: Configuration[ConfigurationKey]): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
