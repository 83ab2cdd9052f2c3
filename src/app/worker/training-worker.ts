/** The worker's entry: training happens here, so that the page answers at any time. */
import { expose } from 'comlink';
import { setFileStore } from '../../data/registry';
import { createTrainingService } from './create-service';
import { fileHere } from './files-here';
import { letErrorsTravel } from './travelling-errors';

letErrorsTravel();
setFileStore(fileHere);
expose(createTrainingService());
