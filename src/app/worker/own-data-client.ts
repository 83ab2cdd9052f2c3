/** The page's end of the worker that reads files, which lives until other files are read. */
import { scriptUrl } from '../script-url';
import { Connection } from './connection';
import type { OwnDataService } from './own-data-service';
import ownDataWorker from './own-data-worker.ts?worker&url';

export function connectOwnDataWorker(): Connection<OwnDataService> {
  const worker = new Worker(scriptUrl(ownDataWorker), { type: 'module', name: 'own data' });
  return new Connection(worker, 'reading files');
}
