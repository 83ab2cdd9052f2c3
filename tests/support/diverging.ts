/** Settings under which training diverges, sooner or later, one way or another. */
import type { Backend } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { Trainer } from '../../src/training/trainer';

export const DIVERGING = [
  ['decay', { learningRate: 0.5, weightDecay: 10, epochs: 400 }],
  ['decay, slowly', { learningRate: 0.25, weightDecay: 10, epochs: 400 }],
  ['decay in mini-batches', { learningRate: 1, weightDecay: 10, batchSize: 4, epochs: 200 }],
  ['decay with momentum', { learningRate: 0.5, weightDecay: 10, momentum: 0.5, epochs: 400 }],
  [
    'decay of AdamW',
    { optimizer: 'adamw', learningRate: 1, weightDecay: 5, batchSize: 4, epochs: 200 },
  ],
  ['a rate and decay', { learningRate: 1000, weightDecay: 10, batchSize: 4, epochs: 30 }],
] as const satisfies readonly (readonly [string, Partial<Configuration>])[];

/** How and where training ends on a backend. */
export async function endOnBackend(backend: Backend, values: Partial<Configuration>) {
  const trainer = new Trainer(backend, checkConfiguration(values));
  const { reason, message } = await trainer.run();
  return { reason, message, epochs: trainer.epoch };
}
