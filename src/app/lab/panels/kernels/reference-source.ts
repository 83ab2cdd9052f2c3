/** The reference's own text for a step, cut out of its files by the name of the function. */
import augmentation from '../../../../data/augmentation.ts?raw';
import samples from '../../../../data/samples.ts?raw';
import loss from '../../../../model/loss.ts?raw';
import activations from '../../../../reference/activations.ts?raw';
import network from '../../../../reference/network.ts?raw';
import optimizers from '../../../../reference/optimizers.ts?raw';

const LAYERS = import.meta.glob<string>('../../../../layers/*/reference.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const FILES = [
  ...Object.values(LAYERS),
  activations,
  network,
  optimizers,
  loss,
  samples,
  augmentation,
];

/**
 * The reference's TypeScript of functions; nothing where there are none.
 *
 * @throws RangeError where the reference has no function of that name
 */
export function referenceSource(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const texts = names.map((name) => {
    const text = FILES.map((file) => functionIn(file, name)).find((found) => found !== undefined);
    if (text === undefined) throw new RangeError(`the reference has no function ${name}`);
    return text;
  });
  return texts.join('\n\n');
}

/**
 * The function `name` in a file that Biome has formatted, with its comment: from the comment to the
 * first brace that closes at the margin.
 */
function functionIn(file: string, name: string): string | undefined {
  const lines = file.split('\n');
  const head = new RegExp(`^(export )?function ${name}\\(`);
  const start = lines.findIndex((line) => head.test(line));
  if (start < 0) return undefined;
  const length = lines.slice(start).indexOf('}');
  let from = start;
  if (/\*\/$/.test(lines[start - 1] ?? '')) {
    do from -= 1;
    while (!lines[from].startsWith('/**'));
  }
  return lines.slice(from, start + length + 1).join('\n');
}
