/** What is wrong with an input, in the words of the page: a field by its title, a value as it was typed. */
import { FIELDS } from '../../training/configuration/fields';
import { keyOfName } from '../../training/configuration/names';
import { adviceOf, InvalidInputError, messageOf } from '../../training/errors';

/** Longer values are shortened: what was pasted by mistake may be anything. */
const MOST_CHARACTERS = 60;

/** `Test share: 0.999 is not allowed; the training set would have 0 samples.`; of another error its message. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof InvalidInputError)) return messageOf(error);
  return `${titleOf(error.field)}: ${reasonOf(error)}`;
}

/** The same without the field, for a place beside it. */
export function reasonOf({ value, allowed }: InvalidInputError): string {
  return `${textOf(value)} is not allowed; ${adviceOf(allowed)}.`;
}

/** A setting's title; other names as they are. */
export function titleOf(field: string): string {
  const key = keyOfName(field);
  return key === undefined ? field : FIELDS[key].label;
}

function textOf(value: unknown): string {
  if (value === '') return 'An empty text';
  if (Array.isArray(value)) return shortened(value.length === 0 ? 'none' : value.join(', '));
  if (typeof value === 'string') return `“${shortened(value)}”`;
  if (typeof value === 'number') return String(value);
  return shortened(String(JSON.stringify(value)));
}

/** Without characters that nobody can see, as bytes that are no text would bring along. */
function shortened(text: string): string {
  const seen = text.replace(/\p{C}/gu, '·');
  return seen.length > MOST_CHARACTERS ? `${seen.slice(0, MOST_CHARACTERS - 1)}…` : seen;
}
