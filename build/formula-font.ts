/** The build's font for formulas: of STIX Two Math the glyphs that they use, a twentieth of it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { MathMl } from '../src/layers/tex';
import { formulasIn } from './tex.ts';

const pathOf = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

const SOURCES = pathOf('src');
const FONT = pathOf(
  'node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2',
);
/** Making a subset takes seconds: it is kept here, by the hash of the font and of the characters. */
const CACHE = pathOf('node_modules/.cache/formula-font');

/** Name identifiers of the licence and its address: it asks to go where the font goes. */
const LICENCE_NAMES = [13, 14];

/** Puts the subset in the place of `formulas.woff2` in style sheets; it is made when one is asked for. */
export function formulaFont(): Plugin {
  return {
    name: 'formula-font',
    enforce: 'pre',
    transform: {
      filter: { id: /\.css$/, code: /url\("formulas\.woff2"\)/ },
      async handler(code, id) {
        const path = relative(dirname(id), await makeFont()).replaceAll('\\', '/');
        return { code: code.replace('formulas.woff2', path), map: null };
      },
    },
  };
}

/** Every character of the page's formulas, as it is drawn. */
export async function charactersOfFormulas(): Promise<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const formulas = await Promise.all(
    files
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => formulasIn(readFileSync(join(SOURCES, file), 'utf8'))),
  );
  return [...new Set(formulas.flat().flatMap(charactersOf))].sort().join('');
}

/** @returns the path of the subset */
async function makeFont(): Promise<string> {
  const characters = await charactersOfFormulas();
  const font = readFileSync(FONT);
  const hash = createHash('sha256').update(font).update(characters).digest('hex');
  const path = join(CACHE, hash.slice(0, 16), 'formulas.woff2');
  try {
    readFileSync(path);
  } catch {
    const { default: subsetFont } = await import('subset-font');
    const options = { targetFormat: 'woff2', preserveNameIds: LICENCE_NAMES } as const;
    const subset = await subsetFont(font, characters, options);
    mkdirSync(dirname(path), { recursive: true });
    // Under its own name first: another process may look at the same time.
    writeFileSync(`${path}.${process.pid}`, subset);
    renameSync(`${path}.${process.pid}`, path);
  }
  return path;
}

function charactersOf(node: MathMl): readonly string[] {
  if (typeof node === 'string') return [...node];
  const [tag, attributes, content] = node;
  const characters = content.flatMap(charactersOf);
  // A root has its sign without saying so.
  if (tag === 'msqrt' || tag === 'mroot') return [...characters, '√'];
  // A name of one letter is drawn in italics, unless it says otherwise.
  const isItalic = tag === 'mi' && characters.length === 1 && attributes.mathvariant !== 'normal';
  return isItalic ? characters.map(italicOf) : characters;
}

/** First letters of the alphabets, upright and in mathematical italics. */
const ALPHABETS = [
  ['A', 'Z', 0x1d434],
  ['a', 'z', 0x1d44e],
  ['Α', 'Ω', 0x1d6e2],
  ['α', 'ω', 0x1d6fc],
] as const;

/** What stands elsewhere in Unicode than the others. */
const ELSEWHERE: Readonly<Record<string, string>> = { h: '\u210e', '∂': '\u{1d715}' };

/** The letter as MathML draws it where it is a name; other characters as they are. */
function italicOf(character: string): string {
  if (Object.hasOwn(ELSEWHERE, character)) return ELSEWHERE[character];
  const alphabet = ALPHABETS.find(([first, last]) => character >= first && character <= last);
  if (alphabet === undefined) return character;
  const [first, , italic] = alphabet;
  return String.fromCodePoint(italic + character.charCodeAt(0) - first.charCodeAt(0));
}
