/** A worker for what is measured: it can be ended at any moment, and no run of the page with it. */
import { expose } from 'comlink';
import { setFileStore } from '../../data/registry';
import { setStartStore } from '../../training/files/start-file';
import { createRaceService } from './create-race-service';
import { fileHere } from './files-here';

setFileStore(fileHere);
setStartStore(async (sha256) => (await import('./indexed-start-store')).keptStart(sha256));
expose(createRaceService());
