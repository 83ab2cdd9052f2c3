/** The reference's own text for a step, cut out of its files by the name of the function. */
import network from '../../../../reference/network.ts?raw';
import optimizers from '../../../../reference/optimizers.ts?raw';

const FILES = [network, optimizers];

/** Functions of the reference that do what a kernel does, by the kernel's name. */
const FUNCTIONS: readonly (readonly [kernel: RegExp, functions: readonly string[]])[] = [
  [/^dense-forward/, ['denseForward', 'activate', 'sigmoid']],
  [/^binary-cross-entropy/, ['sampleLoss', 'loss', 'outputDelta']],
  [/^softmax-cross-entropy/, ['outputProbabilities', 'sampleLoss', 'loss', 'outputDelta']],
  [/^dense-backward-delta/, ['denseBackwardDelta', 'activationDerivative']],
  [/^dense-backward-weights|^sum-partials/, ['denseBackwardWeights']],
  [/^output-probabilities/, ['outputProbabilities']],
  [/^sample-forward-backward/, ['forward', 'outputDelta', 'denseBackwardDelta']],
  [/^gradient-update/, ['denseBackwardWeights', 'update', 'applyWeightDecay']],
  [/^persistent-training/, ['forward', 'backward', 'update']],
  [/-update$/, ['update', 'applyWeightDecay']],
];

/** The reference's TypeScript for a kernel; nothing where the reference needs no such step. */
export function referenceSource(kernel: string): string | undefined {
  const names = FUNCTIONS.find(([pattern]) => pattern.test(kernel))?.[1];
  return names
    ?.map((name) => FILES.map((file) => functionIn(file, name)).find((text) => text !== undefined))
    .filter((text) => text !== undefined)
    .join('\n\n');
}

/**
 * The function `name` in a file that Biome has formatted, with its comment: from the comment to the
 * first brace that closes at the margin.
 */
export function functionIn(file: string, name: string): string | undefined {
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
