/** This project's backends on the CPU. */

import { backendTraining } from '../comparison/backend-training';
import type { Contender, ContenderName } from '../comparison/contender';
import { createCpuBackend } from '../cpu/backend';
import { createReferenceBackend } from '../reference/backend';
import type { Backend, Problem } from '../training/backend';

function contender(name: ContenderName, open: (problem: Problem) => Promise<Backend>): Contender {
  return { name, prepare: async (problem) => backendTraining(await open(problem)) };
}

export const cpu = contender('cpu', createCpuBackend);
export const reference = contender('reference', createReferenceBackend);
