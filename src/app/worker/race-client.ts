/** The page's end of the measuring worker, which lives as long as one measurement. */
import { Connection } from './connection';
import type { RaceService } from './race-service';

export function connectRaceWorker(): Connection<RaceService> {
  const worker = new Worker(new URL('./race-worker.ts', import.meta.url), {
    type: 'module',
    name: 'race',
  });
  return new Connection(worker, 'measuring');
}
