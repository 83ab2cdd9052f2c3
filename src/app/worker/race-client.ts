/** The page's end of the measuring worker, which lives as long as one measurement. */
import { Connection, serviceOf } from './connection';
import type { RaceService } from './race-service';

export interface RaceConnection {
  /** Rejects where the worker cannot be loaded. */
  readonly service: RaceService;
  /** Ends the worker at once, whatever it does; nothing is answered any more. */
  end(): void;
}

export function connectRaceWorker(): RaceConnection {
  const worker = new Worker(new URL('./race-worker.ts', import.meta.url), {
    type: 'module',
    name: 'race',
  });
  const connection = new Connection<RaceService>(worker, 'measuring');
  return { service: serviceOf(() => connection), end: () => connection.end() };
}
