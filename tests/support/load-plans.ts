/** Loads every layer kind's plans before a file's tests: those that lay out a plan themselves await nothing. */
import { loadAllSteps } from '../../src/gpu/plan/late-steps';

await loadAllSteps();
