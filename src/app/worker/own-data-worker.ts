/** The worker's entry: it reads files that somebody brings, and is ended to cancel that. */
import { expose } from 'comlink';
import { createOwnDataService } from './own-data-service';
import { letErrorsTravel } from './travelling-errors';

letErrorsTravel();
expose(createOwnDataService());
