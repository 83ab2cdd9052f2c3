/** The page's end of the training worker. */
import { proxy, type Remote } from 'comlink';
import { Connection } from './connection';
import type { TrainingListener, TrainingService } from './training-service';

/** The service of a worker that starts now, and anew at the first call after it broke, without its sessions. */
export function connectWorker(): TrainingService {
  let listener: TrainingListener | undefined;
  let connection: Connection<TrainingService> | undefined;
  const connect = () => {
    const worker = new Worker(new URL('./training-worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    });
    connection = new Connection<TrainingService>(worker, 'training');
    // A listener has functions, which do not travel; a proxy of it does.
    if (listener !== undefined) listen(connection, listener);
    return connection;
  };
  const current = () => (connection?.hasEnded === false ? connection : connect());
  const ask = <T>(call: (service: Remote<TrainingService>) => Promise<T>) => current().ask(call);
  connect();
  return {
    listen(newListener) {
      listener = newListener;
      listen(current(), newListener);
    },
    lesson: (configuration) => ask((service) => service.lesson(configuration)),
    open: (configuration, backend, obstacle, planOptions) =>
      ask((service) => service.open(configuration, backend, obstacle, planOptions)),
    run: (session, pace) => ask((service) => service.run(session, pace)),
    pause: (session) => ask((service) => service.pause(session)),
    step: (session, epochs) => ask((service) => service.step(session, epochs)),
    stepBatch: (session) => ask((service) => service.stepBatch(session)),
    report: (session) => ask((service) => service.report(session)),
    predict: (session, features, count) =>
      ask((service) => service.predict(session, features, count)),
    parameters: (session) => ask((service) => service.parameters(session)),
    snapshot: (session) => ask((service) => service.snapshot(session)),
    deadUnits: (session) => ask((service) => service.deadUnits(session)),
    selfTest: (session) => ask((service) => service.selfTest(session)),
    save: (session) => ask((service) => service.save(session)),
    restore: (session, saved) => ask((service) => service.restore(session, saved)),
    close: (session) => ask((service) => service.close(session)),
    setPace: (session, pace) => ask((service) => service.setPace(session, pace)),
    runAll: (backend, planOptions, listener) =>
      ask((service) => service.runAll(backend, planOptions, proxy(listener))),
    stopRunAll: () => ask((service) => service.stopRunAll()),
  };
}

/** Nobody waits for it: the next question tells where the worker cannot answer. */
function listen(connection: Connection<TrainingService>, listener: TrainingListener): void {
  connection.ask((service) => service.listen(proxy(listener))).catch(() => undefined);
}
