/** The page's end of the measuring worker, which lives as long as one measurement. */
import { scriptUrl } from '../script-url';
import { Connection } from './connection';
import type { RaceService } from './race-service';
import raceWorker from './race-worker.ts?worker&url';

export function connectRaceWorker(): Connection<RaceService> {
  const worker = new Worker(scriptUrl(raceWorker), {
    type: 'module',
    name: 'race',
  });
  return new Connection(worker, 'measuring');
}
