/** Reads the file of a run that another one begins with. */
import { type Shape, sizeOf } from '../../layers/kind';
import { parameterLayout, viewsOf } from '../../model/parameter-layout';
import { InvalidInputError } from '../errors';
import { networkOf } from '../network-of';
import { fill } from './nested-lists';
import { MOST_BYTES, networkEntry, readFile } from './run-files';
import type { StartRun } from './start-run';
import { textOfFile } from './text-file';

/**
 * The parameters in a file that this project wrote: parameters, or a whole run.
 *
 * @param name - of the file, for messages
 * @throws InvalidInputError where it is another file
 */
export function readStart(name: string, bytes: Uint8Array): StartRun {
  if (bytes.length > MOST_BYTES) {
    const most = `files of up to ${MOST_BYTES / 2 ** 20} MiB are read, and it is larger`;
    throw new InvalidInputError('from', name, most);
  }
  const file = readFile(name, textOfFile(name, bytes));
  switch (file.kind) {
    case 'parameters': {
      const { network, data, slices } = file;
      return {
        ...(network !== undefined && { layers: network.layers }),
        ...(data !== undefined && { data }),
        slices: Object.fromEntries(
          Object.entries(slices).map(([slice, list]) => [slice, numbersIn(slice, list)]),
        ),
      };
    }
    case 'run': {
      const { configuration, saved } = file;
      const spec = networkOf(configuration);
      const layout = parameterLayout(spec);
      const { parameters } = saved.state;
      if (parameters.length !== layout.length) {
        const allowed = `its network has ${layout.length} parameters`;
        throw new InvalidInputError('from', `${name}: ${parameters.length} parameters`, allowed);
      }
      const views = viewsOf(layout, parameters);
      return {
        layers: networkEntry(spec).layers,
        data: configuration,
        slices: Object.fromEntries(
          layout.slices.map((slice, i) => [slice.name, { shape: slice.shape, values: views[i] }]),
        ),
      };
    }
    case 'configuration':
      throw new InvalidInputError('from', name, 'there are settings in it, and no parameters');
    default:
      return file satisfies never;
  }
}

/** The numbers of lists in lists, all lists of one depth being as long as the first. */
function numbersIn(name: string, list: unknown) {
  const shape = shapeOf(list);
  const values = new Float64Array(shape.length === 0 ? 0 : sizeOf(shape));
  if (values.length > 0) fill(values, { name, shape }, list);
  return { shape, values };
}

/** Empty for what is no list. */
function shapeOf(list: unknown): Shape {
  return Array.isArray(list) ? [list.length, ...shapeOf(list[0])] : [];
}
