/** Malformed inputs out of good ones: cut, repeated, mixed, with numbers and words that trip programs. Seeded. */
import { RandomState } from '../../src/numpy/random-state';

/** Numbers at and beyond every edge that a reader may forget. */
const NUMBERS = [
  ...['0', '-0', '-1', '1.5', '.5.', '1,5', '1e999', '-1e999', '1e-400', '1e39', '1e38', 'NaN'],
  ...[
    'Infinity',
    '0x10',
    '١',
    '65537',
    '4294967296',
    '9007199254740993',
    '99999999999',
    '00',
    '1_0',
  ],
];
/** Words that mean something to some part of a program. */
const WORDS = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'null', 'undefined'],
  ...[
    'true',
    '[]',
    '{}',
    '""',
    "'",
    '<script>alert(1)</script>',
    '%24{7*7}',
    '../../etc/passwd',
    '%00',
  ],
  ...[
    '\u0000',
    '\ufeff',
    '\ud800',
    '😀',
    'ﬀ',
    '\u202e',
    '&amp;',
    '; drop table runs',
    'a'.repeat(300),
  ],
];

export class Mutator {
  readonly #random: RandomState;
  readonly #corpus: readonly string[];
  readonly #words: readonly string[];

  /**
   * @param corpus - good inputs
   * @param words - more words to put in: names of fields, for instance
   */
  constructor(seed: number, corpus: readonly string[], words: readonly string[] = []) {
    this.#random = new RandomState(seed);
    this.#corpus = corpus;
    this.#words = [...WORDS, ...words];
  }

  /** A good input after one to three accidents. */
  next(): string {
    let text = this.#pick(this.#corpus);
    for (let accidents = 1 + this.#below(3); accidents > 0; accidents--) text = this.#hurt(text);
    return text;
  }

  #hurt(text: string): string {
    const [from, to] = [this.#below(text.length + 1), this.#below(text.length + 1)].sort(
      (a, b) => a - b,
    );
    const part = text.slice(from, to);
    // Wrong values in a right form reach deepest, so they are what happens most.
    switch (this.#below(16)) {
      case 0:
        return text.slice(0, from) + text.slice(to);
      case 1:
        return text.slice(0, to) + part.slice(0, 2000) + text.slice(to);
      case 2:
        return text.slice(0, to);
      case 3:
        return text.slice(0, from) + this.#pick(this.#corpus).slice(0, 2000) + text.slice(to);
      case 4:
      case 5:
      case 9:
      case 10:
        return this.#replaceOne(text, /\w+/g, this.#words);
      case 6: {
        const code = String.fromCharCode(this.#below(0x3000));
        return text.slice(0, from) + code + text.slice(from + 1);
      }
      case 7:
        return text.slice(0, from) + this.#pick(this.#words) + text.slice(from);
      case 8: {
        const depth = 1 + this.#below(3000);
        return this.#pick(['[', '{"a":', '(', '"', ',']).repeat(depth) + text;
      }
      default:
        return this.#replaceOne(text, /-?\d+(\.\d+)?(e-?\d+)?/gi, NUMBERS);
    }
  }

  #replaceOne(text: string, pattern: RegExp, others: readonly string[]): string {
    const matches = [...text.matchAll(pattern)];
    if (matches.length === 0) return text + this.#pick(others);
    const { index, 0: old } = matches[this.#below(matches.length)];
    return text.slice(0, index) + this.#pick(others) + text.slice(index + old.length);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)];
  }

  #below(count: number): number {
    return Math.floor(this.#random.random() * count);
  }
}

/** The shortest input found that still fails, by leaving out ever smaller parts. */
export async function shrink(
  input: string,
  fails: (text: string) => Promise<boolean>,
): Promise<string> {
  let text = input;
  for (let size = text.length >> 1; size > 0; size = size > 1 ? size >> 1 : 0) {
    for (let at = 0; at < text.length; ) {
      const shorter = text.slice(0, at) + text.slice(at + size);
      if (await fails(shorter)) text = shorter;
      else at += size;
    }
  }
  return text;
}
