/** The page's end of the measuring worker, which lives as long as one measurement. */
import { transfer } from 'comlink';
import { isFileDataset } from '../../data/file-dataset';
import type { Configuration } from '../../training/configuration/fields';
import { scriptUrl } from '../script-url';
import { Connection } from './connection';
import type { RaceService } from './race-service';
import raceWorker from './race-worker.ts?worker&url';
import type { TrainingService } from './training-service';

/**
 * Gives the measuring worker the rows of a file where the browser keeps none, as in a private window: the
 * worker that trains has them for this visit.
 */
export async function passOnFile(
  { dataset }: Pick<Configuration, 'dataset'>,
  training: Pick<TrainingService, 'brought'>,
  race: Pick<RaceService, 'bring'>,
): Promise<void> {
  if (!isFileDataset(dataset)) return;
  const file = await training.brought(dataset);
  if (file === undefined) return;
  const { values, labels } = file.rows;
  await race.bring(transfer(file, [values.buffer, labels.buffer]));
}

export function connectRaceWorker(): Connection<RaceService> {
  const worker = new Worker(scriptUrl(raceWorker), {
    type: 'module',
    name: 'race',
  });
  return new Connection(worker, 'measuring');
}
