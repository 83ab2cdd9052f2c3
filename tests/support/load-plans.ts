/** Loads every layer kind's plans before a file's tests: those that lay out a plan themselves await nothing. */
import { loadAllPlans } from '../../src/layers/plan';

await loadAllPlans();
