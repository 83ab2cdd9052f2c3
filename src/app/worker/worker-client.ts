/** The page's end of the training worker. */
import { scriptUrl } from '../script-url';
import { Connection, serviceOf } from './connection';
import type { TrainingListener, TrainingService } from './training-service';
import trainingWorker from './training-worker.ts?worker&url';
import { letErrorsTravel } from './travelling-errors';

letErrorsTravel();

/** The service of a worker that starts now, and anew at the first call after it broke, without its runs. */
export function connectWorker(): TrainingService {
  let listener: TrainingListener | undefined;
  let connection = connect();
  const current = () => {
    if (connection.hasEnded) {
      connection = connect();
      tellListener();
    }
    return connection;
  };
  const service = serviceOf(current);

  function tellListener(): void {
    // Nobody waits for it: the next question tells where the worker cannot answer.
    if (listener !== undefined) Promise.resolve(service.listen(listener)).catch(() => undefined);
  }
  return serviceOf(current, {
    listen(newListener) {
      listener = newListener;
      tellListener();
    },
  });
}

function connect(): Connection<TrainingService> {
  const worker = new Worker(scriptUrl(trainingWorker), {
    type: 'module',
    name: 'training',
  });
  return new Connection(worker, 'training');
}
