/** The suites draw their random cases from fixed seeds: one text, one outcome, on any day. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const TESTS = join(import.meta.dirname, '..');

it.each(
  readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(TESTS, file), 'utf8') }))
    .filter(
      ({ file, text }) => /\bfc\.assert\(/.test(text) && !import.meta.filename.endsWith(file),
    ),
)('$file', ({ text }) => {
  const properties = text.split(/\bfc\.assert\(/).slice(1);
  // The parameters of a property come behind it, before the next one begins.
  for (const property of properties) expect(property).toMatch(/\{[^{}]*\bseed\b[^{}]*\}/);
});
