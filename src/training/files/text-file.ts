/**
 * Text from a file's bytes, whichever editor or shell wrote it; and what a file is that is no text, so
 * that people hear "this is a ZIP archive" and not a parser's complaint.
 */
import { binaryKindOf, byteOrderMarkOf, isMarkup } from '../../data/file-kind';
import { InvalidInputError, messageOf } from '../errors';

/**
 * The text of a file: UTF-8 with or without its mark, or UTF-16 with its, as PowerShell writes.
 *
 * @param name - of the file, for messages
 * @throws InvalidInputError that says what the file is, where it is no text
 */
export function textOfFile(name: string, bytes: Uint8Array): string {
  const mark = byteOrderMarkOf(bytes);
  const kind = mark === undefined ? binaryKindOf(name, bytes) : undefined;
  if (kind !== undefined) throw new InvalidInputError('file', name, `this is ${kind}`);
  const { encoding, length } = mark ?? { encoding: 'utf-8', length: 0 };
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(length));
  } catch {
    const allowed = 'this is not text in UTF-8 or UTF-16; saving it again as UTF-8 may help';
    throw new InvalidInputError('file', name, allowed);
  }
}

/**
 * JSON from a file's text.
 *
 * @throws InvalidInputError that says what the text is, where that can be seen, else where it breaks off
 */
export function jsonOfText(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const kind = textKindOf(text);
    // The parser quotes the text, which may be anything.
    const reason = messageOf(error).replace(/\p{C}/gu, '·');
    const allowed = kind === undefined ? `this is not JSON (${reason})` : `this is ${kind}`;
    throw new InvalidInputError('file', name, allowed);
  }
}

function textKindOf(text: string): string | undefined {
  const start = text.trimStart().slice(0, 200);
  if (start === '') return 'empty';
  if (isMarkup(start)) return 'an HTML or XML page, not the file behind it';
  if (/^(import|from|def|class)\s/.test(start)) return 'Python';
  if (/^[\w-]+:\s/.test(start)) return 'YAML or another list of settings; JSON is read';
  const [first = '', second = ''] = text.trim().split(/\r?\n/);
  for (const [separator, title] of [
    [',', 'a CSV'],
    [';', 'a CSV with semicolons'],
    ['\t', 'a table with tabs (TSV)'],
  ] as const) {
    const columns = first.split(separator).length;
    const isTable = columns > 1 && second.split(separator).length === columns;
    if (isTable && !/^[[{]/.test(start)) return title;
  }
  return undefined;
}
