/** Files as editors and shells write them are read; others are called what they are. */
import { describe, expect, test } from 'vitest';
import { InvalidInputError } from '../../src/training/errors';
import { jsonOfText, textOfFile } from '../../src/training/files/text-file';

const TEXT = '{"learning_rate": 0.1, "note": "größer"}';

/** A text in UTF-16, as PowerShell's `>` writes it. */
function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, isLittle);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), isLittle);
  return bytes;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('a text file', () => {
  test.each([
    ['UTF-8', utf8(TEXT)],
    ['UTF-8 with a mark', utf8(`\ufeff${TEXT}`)],
    ['UTF-16, little-endian', utf16(TEXT, true)],
    ['UTF-16, big-endian', utf16(TEXT, false)],
  ])('in %s is read', (_, bytes) => {
    expect(jsonOfText('a.json', textOfFile('a.json', bytes))).toEqual(JSON.parse(TEXT));
  });

  test.each([
    ['run.json', [0x1f, 0x8b, 8], /this is a gzip file/],
    ['run.json', [0x50, 0x4b, 3, 4, 20], /ZIP archive/],
    ['x.npy', [0x93, ...utf8('NUMPY'), 1], /NumPy array/],
    ['model.onnx', [8, 7, 18], /an ONNX model/],
    ['picture', [0x89, ...utf8('PNG\r\n'), 26], /a PNG picture/],
    ['labels', [0, 0, 8, 1, 0, 0, 0, 9, 1], /an IDX file/],
    ['model.h5', [0x89, ...utf8('HDF\r\n')], /HDF5/],
    ['w.pkl', [0x80, 4, 0x95], /a Python pickle/],
    ['x.bin', [65, 0, 66, 0], /bytes of zero/],
    ['latin.json', [0x7b, 0xf6, 0x7d], /not text in UTF-8 or UTF-16/],
    ['odd.json', [0xff, 0xfe, 0x7b, 0, 0x7d], /not text in UTF-8 or UTF-16/],
    ['none.json', [], /this is empty/],
  ])('%s of other bytes is named: %j', (name, bytes, message) => {
    const read = () => textOfFile(name, Uint8Array.from(bytes));
    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(message);
    expect(read).toThrow(JSON.stringify(name));
  });

  test.each([
    ['epoch,loss\n1,0.5\n', /this is a CSV$/],
    ['epoch;loss\r\n1;0,5\r\n', /a CSV with semicolons/],
    ['a\tb\n1\t2', /TSV/],
    ['<!doctype html><html>', /HTML or XML/],
    ['import numpy as np\n', /this is Python/],
    ['learning_rate: 0.1\nepochs: 3\n', /YAML/],
    ['  \n', /this is empty/],
    ['{"a": 1,', /this is not JSON \(/],
    ['[1, 2\n[3, 4', /this is not JSON \(/],
    ['0.5', undefined],
  ])('of another kind is named: %j', (text, message) => {
    const read = () => jsonOfText('a.json', text);
    if (message === undefined) expect(read()).toBe(0.5);
    else expect(read).toThrow(message);
  });
});
