/** The random sequences of faults with even numbers. */
import { playSequences } from './sequences';

playSequences(0);
