/** The page's end of the measuring worker, which lives as long as one measurement. */
import { proxy, type Remote, wrap } from 'comlink';
import type { RaceService } from './race-service';

export interface RaceConnection {
  readonly service: RaceService;
  /** Rejects where the worker itself cannot be loaded; resolves never. */
  readonly failure: Promise<never>;
  /** Ends the worker at once, whatever it does; nothing is answered any more. */
  end(): void;
}

export function connectRaceWorker(): RaceConnection {
  const worker = new Worker(new URL('./race-worker.ts', import.meta.url), {
    type: 'module',
    name: 'race',
  });
  const failure = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) =>
      reject(new Error(message || 'The measuring worker could not be started. Reload the page.'));
  });
  const remote: Remote<RaceService> = wrap(worker);
  return {
    service: {
      // Functions do not travel; a proxy of them does.
      race: (configuration, epochs, planOptions, obstacle, onProgress) =>
        remote.race(configuration, epochs, planOptions, obstacle, proxy(onProgress)),
      sweep: (sizes, obstacle, onProgress) => remote.sweep(sizes, obstacle, proxy(onProgress)),
      timeKernels: (configuration, schedule, obstacle) =>
        remote.timeKernels(configuration, schedule, obstacle),
    },
    failure,
    end: () => worker.terminate(),
  };
}
