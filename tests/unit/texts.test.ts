/** The texts that people read keep to plain rules; `npm run texts` lists them, to be read aloud. */
import { describe, expect, it } from 'vitest';
import { allTexts, type Text, textsIn } from '../../build/texts.mjs';
import { FAILURES } from '../../src/app/state/failures';
import { sentenceOf } from '../../src/app/state/input-sentence';
import { FIELD_HELP } from '../../src/training/configuration/field-help';
import { CONFIGURATION_KEYS } from '../../src/training/configuration/fields';
import { toSnakeCase } from '../../src/training/configuration/names';
import { InvalidInputError } from '../../src/training/errors';

const TEXTS = allTexts();
const PAGE = TEXTS.filter(({ place }) => place.startsWith('src/app/'));

const placesOf = (texts: readonly Text[]) => texts.map(({ place, text }) => `${place} ${text}`);

/** Without what stands for an expression. */
const wordsOf = ({ text }: Text) => text.replaceAll(/\{[^}]*\}/g, '…');

const of = (kind: Text['kind'], role: RegExp) =>
  TEXTS.filter((text) => text.kind === kind && role.test(text.role));

describe('the texts that people read', () => {
  it.each([
    ['names what did not work', /did not work|went wrong/i, 'That did not work.'],
    ['states each limit once', /\bat most\b.*\bat most\b/, 'at most 3, at most 4'],
    ['says a list without brackets', /\[[^\]]*\] is not allowed/, '[0] is not allowed'],
    ['has one space between two words', /[a-z] {2,}[a-z]/i, 'two  words'],
    ['has no space before its stop', / [.,;](?:\s|$)/, 'the end .'],
    ['has curly apostrophes', /[a-z]'(?:s|t|re|ve|ll|d)\b/i, "the run's"],
    ['has no Latin abbreviations', /\b(?:e\.g\.|i\.e\.|etc\.|resp\.)/, 'e.g. this'],
    ['has no word twice', /\b([a-z]+) \1\b/i, 'the the'],
  ])('each %s', (_, fault, example) => {
    expect(example).toMatch(fault);
    // Spaces keep columns apart in what the command line prints.
    const texts = fault.source.includes('{2,}') ? PAGE : TEXTS;
    expect(placesOf(texts.filter((text) => fault.test(wordsOf(text))))).toEqual([]);
  });

  it('have no article before what may begin with any letter', () => {
    const articles = TEXTS.filter(({ text }) => /\b[Aa]n? \{/.test(text));
    // Of the samples that one can draw.
    expect(placesOf(articles.filter(({ text }) => text !== 'Draw a {noun}'))).toEqual([]);
  });

  it('that the page shows as well name no flag of the command line', () => {
    const shared = TEXTS.filter(({ place }) => /^src\/(?:app|data|training)\//.test(place));
    const flags = shared.filter(({ text }) => /(?<!npm run .*)(?<![\w-])--[a-z]/.test(text));
    expect(placesOf(flags)).toEqual([]);
  });

  it('in the page have curly quotes', () => {
    const straight = PAGE.filter(({ text }) => /(?:^|[\s(])"[^"<>=]+"(?:[\s.,;)]|$)/.test(text));
    expect(placesOf(straight).filter((text) => !/<|font-family|Liberation/.test(text))).toEqual([]);
  });

  it('in the page name a setting by its label', () => {
    const names = CONFIGURATION_KEYS.map(toSnakeCase).filter((name) => name.includes('_'));
    const code = new RegExp(`\\b(?:${names.join('|')})\\b`);
    expect(placesOf(PAGE.filter(({ text }) => code.test(text)))).toEqual([]);
    for (const key of CONFIGURATION_KEYS) {
      // How a change is written is told by an example.
      if (key !== 'changes') expect(FIELD_HELP[key]).not.toMatch(code);
      expect(FIELD_HELP[key]).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('of errors are sentences, and those of a command line one line behind its name', () => {
    // Names of a cause; what only a mistake of the program can bring about; parts of a table's cell.
    const isElsewhere = /^(?:RangeError|TypeError|InvalidInputError|UsageError|RefusedError)$/;
    const sentences = of('error', /Error$/)
      .filter(({ role, place }) => !isElsewhere.test(role) && !/^src\/(?:bench|cli)\//.test(place))
      .filter(({ text }) => !/^[a-z]+(?:[-A-Z][a-z]+)*$/.test(text));
    expect(sentences.length).toBeGreaterThan(20);
    expect(placesOf(sentences.filter((text) => !/^[A-Z…].*[.…]$/.test(wordsOf(text))))).toEqual([]);
    const lines = of('error', /^UsageError$/);
    expect(lines.length).toBeGreaterThan(5);
    expect(placesOf(lines.filter(({ text }) => /\.$|\n/.test(text)))).toEqual([]);
  });

  it('of notices are a title without a stop and a text with one', () => {
    const titles = [...of('notice', /^title$/).map(({ text }) => text), ...Object.values(FAILURES)];
    expect(titles.filter((title) => /[.!]$/.test(title) || !/^[A-Z“{]/.test(title))).toEqual([]);
    const texts = [...of('notice', /^text$/), ...of('notice', /^say$/)];
    expect(texts.length).toBeGreaterThan(10);
    expect(placesOf(texts.filter((text) => !/[.…]$/.test(wordsOf(text))))).toEqual([]);
  });
});

it('a refused list is said without brackets, on the command line and in the page', () => {
  const error = new InvalidInputError('hidden', [65_537, 0], 'integers from 1 to 65536');
  expect(error.message).toBe('hidden: 65537, 0 is not allowed; integers from 1 to 65536');
  expect(sentenceOf(error)).toBe(
    'Hidden layers: 65537, 0 is not allowed; integers from 1 to 65536.',
  );
});

it('the catalogue has texts of every kind, with their places', () => {
  const code = `import { a } from 'not this';
    const b = <p class="not this">Read <b>{n}</b> of them <i title="A title">now</i>.</p>;
    throw new RangeError(\`No \${thing} here.\`);
    report({ title: 'Told', text: 'It is told.' });
    const c = document.querySelector('not this');
    const d = is ? 'some words' : 'name';`;
  expect(
    textsIn('src/x.tsx', code).map(({ text, kind, role, place }) => [text, kind, role, place]),
  ).toEqual([
    ['Read {n} of them now.', 'element', '', 'src/x.tsx:2'],
    ['A title', 'attribute', 'title', 'src/x.tsx:2'],
    ['No {thing} here.', 'error', 'RangeError', 'src/x.tsx:3'],
    ['Told', 'notice', 'title', 'src/x.tsx:4'],
    ['It is told.', 'notice', 'text', 'src/x.tsx:4'],
    ['some words', 'other', '', 'src/x.tsx:6'],
  ]);
});
