/** The page's end of the measuring worker, which lives as long as one measurement. */
import { proxy } from 'comlink';
import { Connection } from './connection';
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
  return {
    service: {
      // Functions do not travel; a proxy of them does.
      race: (configuration, epochs, planOptions, obstacle, onProgress) =>
        connection.ask((service) =>
          service.race(configuration, epochs, planOptions, obstacle, proxy(onProgress)),
        ),
      sweep: (sizes, obstacle, onProgress) =>
        connection.ask((service) => service.sweep(sizes, obstacle, proxy(onProgress))),
      timeKernels: (configuration, plan, obstacle) =>
        connection.ask((service) => service.timeKernels(configuration, plan, obstacle)),
    },
    end: () => connection.end(),
  };
}
