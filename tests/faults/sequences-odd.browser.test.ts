/** The random sequences of faults with odd numbers. */
import { playSequences } from './sequences';

playSequences(1);
