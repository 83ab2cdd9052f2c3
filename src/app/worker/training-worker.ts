/** The worker's entry: training happens here, so that the page answers at any time. */
import { expose } from 'comlink';
import { setFileStore } from '../../data/registry';
import { setStartStore } from '../../training/files/start-file';
import { createTrainingService } from './create-service';
import { fileHere } from './files-here';
import { letErrorsTravel } from './travelling-errors';

letErrorsTravel();
setFileStore(fileHere);
setStartStore(async (sha256) => (await import('./indexed-start-store')).keptStart(sha256));
expose(createTrainingService());
