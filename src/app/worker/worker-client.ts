/** The page's end of the worker. */
import { proxy, type Remote, wrap } from 'comlink';
import type { TrainingListener, TrainingService } from './training-service';

/** Starts the worker. */
export function connectWorker(): TrainingService {
  const worker = new Worker(new URL('./training-worker.ts', import.meta.url), {
    type: 'module',
    name: 'training',
  });
  const service: Remote<TrainingService> = wrap(worker);
  return {
    // A listener has functions, which do not travel; a proxy of it does.
    listen: (listener: TrainingListener) => service.listen(proxy(listener)),
    lesson: (configuration) => service.lesson(configuration),
    open: (configuration, backend, obstacle, planOptions) =>
      service.open(configuration, backend, obstacle, planOptions),
    run: (session, pace) => service.run(session, pace),
    pause: (session) => service.pause(session),
    step: (session, epochs) => service.step(session, epochs),
    stepBatch: (session) => service.stepBatch(session),
    report: (session) => service.report(session),
    predict: (session, features, count) => service.predict(session, features, count),
    parameters: (session) => service.parameters(session),
    snapshot: (session) => service.snapshot(session),
    deadUnits: (session) => service.deadUnits(session),
    selfTest: (session) => service.selfTest(session),
    save: (session) => service.save(session),
    restore: (session, saved) => service.restore(session, saved),
    close: (session) => service.close(session),
    setPace: (session, pace) => service.setPace(session, pace),
    runAll: (backend, planOptions, listener) =>
      service.runAll(backend, planOptions, proxy(listener)),
    stopRunAll: () => service.stopRunAll(),
  };
}
