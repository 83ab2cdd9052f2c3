/** This project's backends on the CPU. */
import { createCpuBackend } from '../cpu/backend';
import { createReferenceBackend } from '../reference/backend';
import type { Backend, Problem } from '../training/backend';
import { backendTraining } from './backend-training';
import type { Contender, ContenderName } from './contender';

function contender(name: ContenderName, open: (problem: Problem) => Promise<Backend>): Contender {
  return { name, prepare: async (problem) => backendTraining(await open(problem)) };
}

export const cpu = contender('cpu', createCpuBackend);
export const reference = contender('reference', createReferenceBackend);
