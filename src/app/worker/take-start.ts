/** Reads the run that another one is to begin with, and keeps it where runs find it. */
import { sha256Of } from '../../data/file-dataset';
import { parameterLayout } from '../../model/parameter-layout';
import type { Configuration } from '../../training/configuration/fields';
import { readStart } from '../../training/files/read-start';
import { parametersFile } from '../../training/files/run-files';
import { formatStart, parseStart } from '../../training/files/start-reference';
import { type Start, startOf } from '../../training/files/start-run';
import { readRun } from '../../training/keeping/run-archive';
import { networkOf } from '../../training/network-of';
import { IndexedRunStorage } from './indexed-run-storage';
import { keepStart } from './indexed-start-store';

/** What would be in a file of that name. */
interface WouldBeFile {
  readonly name: string;
  readonly configuration: Configuration;
  readonly parameters: Float64Array;
}

/** A run that this browser keeps, and the name that it gets. */
interface KeptSource extends Pick<WouldBeFile, 'name'> {
  readonly keptId: string;
}

/** A file, what would be in one, or a run that this browser keeps. */
export type StartSource = File | WouldBeFile | KeptSource;

/** What of it a configuration begins with. */
export interface TakenStart extends Pick<Configuration, 'from' | 'fromLayers'> {
  /** What is otherwise than where its layers were trained, one sentence each. */
  readonly differences: readonly string[];
}

/**
 * Keeps a run's parameters for a configuration that begins with them.
 *
 * @returns what the configuration says of them: as many layers as it asks for, or as fit
 * @throws InvalidInputError where it is another file, or no layer fits
 */
export async function takeStart(
  source: StartSource,
  configuration: Configuration,
): Promise<TakenStart> {
  const file =
    source instanceof File ? source : fileOf('keptId' in source ? await keptRun(source) : source);
  const sha256 = await sha256Of(file);
  const run = readStart(file.name, new Uint8Array(await file.arrayBuffer()));
  const start = startOf(run);
  const fromLayers = fittingLayers(start, configuration);
  const wanted = parseStart(configuration.from);
  const isNamed = wanted !== undefined && 'file' in wanted;
  const isWanted = isNamed && wanted.sha256 === sha256;
  await keepStart(sha256, run);
  return {
    // By the name that is asked for, though the file may be called otherwise here.
    from: formatStart({ file: isWanted ? wanted.file : file.name, bytes: file.size, sha256 }),
    fromLayers,
    differences: [
      ...(isNamed && !isWanted ? ['It is not the file that was asked for.'] : []),
      ...start.differences(configuration),
    ],
  };
}

/** @throws DamagedRecordError where it cannot be read any more */
async function keptRun({ name, keptId }: KeptSource): Promise<WouldBeFile> {
  const { configuration, saved } = await readRun(new IndexedRunStorage(), keptId);
  return { name, configuration, parameters: saved.state.parameters };
}

function fileOf({ name, configuration, parameters }: WouldBeFile): File {
  return new File([parametersFile(networkOf(configuration), parameters, configuration)], name);
}

/** As many layers as are asked for; else as many as fit, of the hidden ones where there are any. */
function fittingLayers(start: Start, configuration: Configuration): number {
  const spec = networkOf(configuration);
  const parameters = new Float64Array(parameterLayout(spec).length);
  const asked = configuration.fromLayers;
  for (let layers = asked || Math.max(1, spec.layers.length - 1); ; layers--) {
    try {
      start.copyInto(spec, layers, parameters);
      return layers;
    } catch (error) {
      if (layers === 1 || asked > 0) throw error;
    }
  }
}
