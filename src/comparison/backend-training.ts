/** The project's own backends as contenders: the metrics of every epoch are read back. */
import type { Backend } from '../training/backend';
import type { Training } from './contender';

/** A backend's training, which owns it: `dispose` disposes of the backend. */
export function backendTraining(backend: Backend): Training {
  const { plan, adapter, name } = backend.info;
  // Which plan, where there was a choice; else which instructions.
  const note = plan === undefined ? adapter : `${plan.candidate} (${plan.chosenBy})`;
  return {
    async train(epochs) {
      await backend.train(epochs);
    },
    async losses(epochs) {
      return (await backend.train(epochs)).map(({ loss }) => loss);
    },
    ...(name !== 'reference' && { note }),
    dispose: () => backend.dispose(),
  };
}
