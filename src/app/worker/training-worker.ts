/** The worker's entry: training happens here, so that the page answers at any time. */
import { expose } from 'comlink';
import { createTrainingService } from './create-service';
import { letErrorsTravel } from './travelling-errors';

letErrorsTravel();
expose(createTrainingService());
