/** The worker's entry: it reads files that somebody brings, and is ended to cancel that. */
import { expose } from 'comlink';
import { createOwnDataService } from './own-data-service';

expose(createOwnDataService());
