/** The Keras-style summary of a network: each layer's output shape and number of parameters. */
import { kindOf } from '../layers/layer';
import { layersOf, type NetworkSpec, outputOf } from './network-spec';

/** One layer of the summary. */
interface SummaryRow {
  /** `dense_1 (Dense, sigmoid)`. */
  readonly name: string;
  /** `(None, 16)`: any number of samples, 16 units. */
  readonly outputShape: string;
  readonly parameters: number;
}

export interface ModelSummary {
  readonly rows: readonly SummaryRow[];
  /** Number of parameters in all. */
  readonly total: number;
}

export function summarize(spec: NetworkSpec): ModelSummary {
  const rows = layersOf(spec).map(({ index, layer, output, slices, isOutput }): SummaryRow => {
    const ending = isOutput ? outputOf(spec) : layer.activation;
    return {
      name: `${layer.kind}_${index} (${kindOf(layer).title}${ending === 'identity' ? '' : `, ${ending}`})`,
      outputShape: `(None, ${output.join(', ')})`,
      parameters: slices.reduce((sum, { length }) => sum + length, 0),
    };
  });
  return { rows, total: rows.reduce((sum, row) => sum + row.parameters, 0) };
}

/** The summary as text, ending in a line break. */
export function formatSummary(spec: NetworkSpec): string {
  const { rows, total } = summarize(spec);
  const table = [
    ['Layer (type)', 'Output Shape', 'Param #'],
    ...rows.map((row) => [row.name, row.outputShape, withCommas(row.parameters)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((cells) => cells[column].length)));
  const lines = table.map(([name, shape, parameters]) =>
    [name.padEnd(widths[0]), shape.padEnd(widths[1]), parameters.padStart(widths[2])].join(' | '),
  );
  const rule = '='.repeat(lines[0].length);
  return `${[lines[0], rule, ...lines.slice(1), rule, `Total params: ${withCommas(total)}`].join('\n')}\n`;
}

/** `1185` → `1,185`, wherever the program runs. */
function withCommas(count: number): string {
  return count.toLocaleString('en-US');
}
