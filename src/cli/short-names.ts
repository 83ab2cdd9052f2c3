/** Names of classes and columns as the command line prints them: on one line, and no longer than a table has room for. */
import { withoutControls } from './output';

/** Characters of the longest name. */
const MOST = 40;
const HALF = MOST / 2 - 1;

/**
 * Names that are short, each another: of a long one its beginning and end stay, and its number comes before it where
 * that leaves two alike.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const short = names.map(shortName);
  return short.map((name, index) => {
    const isLone = name === names[index] || short.filter((other) => other === name).length === 1;
    return isLone ? name : `${index}: ${name}`;
  });
}

function shortName(name: string): string {
  const letters = [...withoutControls(name.replace(/\s+/g, ' '))];
  return letters.length <= MOST
    ? letters.join('')
    : [...letters.slice(0, HALF), '…', ...letters.slice(-HALF)].join('');
}
