/** The page's store over a service that answers late and in order, as a worker does. */
import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { wantedFile } from '../../src/app/lab/setup/own-data/own-data-state';
import * as runAll from '../../src/app/lab/state/run-all';
import { Announcer } from '../../src/app/state/announcer';
import { FirstRun } from '../../src/app/state/first-run';
import { Run } from '../../src/app/state/run';
import { Store } from '../../src/app/state/store';
import { readUrl } from '../../src/app/url-state';
import { WorkerFailedError } from '../../src/app/worker/connection';
import type { Lesson } from '../../src/app/worker/lesson';
import type { Opened, Stopped, TrainingService } from '../../src/app/worker/training-service';
import {
  askFor,
  type FileReference,
  fileDatasetName,
  MissingFileError,
} from '../../src/data/file-dataset';
import type { FinalReport } from '../../src/session/final-report';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { InvalidInputError } from '../../src/training/errors';
import type { FoundRun } from '../../src/training/keeping/run-archive';
import { nextTask } from '../../src/training/next-task';
import { plainMetrics } from '../support/scripted-backend';

const PLAN_OPTIONS = { schedule: 'auto', tuning: 'off' } as const;

const OPENED: Opened = {
  id: 1,
  info: { name: 'cpu', adapter: 'scripted', precision: 'float32', isSoftware: false },
  setupMilliseconds: 1,
  batchesPerEpoch: 1,
  plan: null,
};

/** One run that trains until it is paused; orders take effect in the order in which they were sent. */
class ScriptedService {
  /** What the worker was asked to do with its run. */
  readonly orders: string[] = [];
  /** Epochs a second that it was asked for, one after the other. */
  readonly paces: (number | undefined)[] = [];
  isTraining = false;
  /** What the data, and the device, do not allow. */
  refusedByData: (configuration: Configuration) => Error | undefined = () => undefined;
  refusedByDevice: (configuration: Configuration) => Error | undefined = () => undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #stop: (stopped: Stopped) => void = () => undefined;

  readonly service = {
    lesson: (configuration) =>
      this.#receive(() => {
        const refused = this.refusedByData(configuration);
        if (refused !== undefined) throw refused;
        return { configuration } as Lesson;
      }),
    open: (configuration) =>
      this.#receive(() => {
        const refused = this.refusedByDevice(configuration);
        if (refused !== undefined) throw refused;
        return OPENED;
      }),
    report: () => this.#receive(() => ({}) as FinalReport),
    close: () => this.#receive(() => undefined),
    putAside: () => this.#receive(() => undefined),
    setPace: (_, pace) =>
      this.#receive(() => {
        this.paces.push(pace);
      }),
    run: async (_, pace) => {
      const { promise } = await this.#receive(() => {
        this.orders.push('run');
        this.paces.push(pace);
        this.isTraining = true;
        return {
          promise: new Promise<Stopped>((resolve) => {
            this.#stop = resolve;
          }),
        };
      });
      return promise;
    },
    pause: () =>
      this.#receive(() => {
        this.orders.push('pause');
        this.isTraining = false;
        this.#stop({ reason: 'paused', trainMilliseconds: 1 });
      }),
    runAll: () =>
      this.#receive(() => {
        this.orders.push('run all');
        return [];
      }),
    stopRunAll: () => this.#receive(() => undefined),
  } satisfies Partial<TrainingService> as Partial<TrainingService> as TrainingService;

  /** Ends the run by itself. */
  end(stopped: Stopped): void {
    this.#stop(stopped);
  }

  /** A message on its way, and the answer on its way back. */
  async #receive<T>(act: () => T): Promise<T> {
    const received = this.#tail.then(nextTask).then(act);
    this.#tail = received.catch(() => undefined);
    const answer = await received;
    await nextTask();
    return answer;
  }
}

async function tasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTask();
}

function open(search = '', firstRun = new FirstRun()) {
  const worker = new ScriptedService();
  return { worker, store: new Store(worker.service, readUrl(search), firstRun) };
}

it('slows down the first run of a visitor until the speed is chosen', async () => {
  const { worker, store } = open('', new FirstRun(true));
  store.start();
  await tasks(40);
  // A thousand epochs in eight seconds.
  expect(worker.paces).toEqual([expect.closeTo(125)]);
  await store.setPace(undefined);
  expect(worker.paces).toEqual([expect.closeTo(125), undefined]);
  await store.pause();
  store.start();
  await tasks(40);
  expect(worker.paces.at(-1)).toBeUndefined();
});

describe('pause', () => {
  it('is honoured however soon after the start it comes', async () => {
    let trained = 0;
    for (let wait = 0; wait < 30; wait++) {
      const { worker, store } = open();
      const started = store.start();
      await tasks(wait);
      await store.pause();
      await tasks(40);
      expect(worker.isTraining, `after ${wait} tasks`).toBe(false);
      expect(store.run.value?.isBusy ?? false, `after ${wait} tasks`).toBe(false);
      expect(store.isStarting.value).toBe(false);
      await started;
      trained += worker.orders.length > 0 ? 1 : 0;
      // A run that never began needs no pause; one that began gets its own.
      expect([[], ['run', 'pause']]).toContainEqual(worker.orders);
      store.start();
      await tasks(40);
      expect(worker.isTraining).toBe(true);
    }
    expect(trained).toBeGreaterThan(0);
    expect(trained).toBeLessThan(30);
  });

  it('taken back by another start leaves one run', async () => {
    const { worker, store } = open();
    const first = store.start();
    await store.pause();
    const second = store.start();
    await tasks(40);
    expect(worker.orders).toEqual(['run']);
    await store.pause();
    await Promise.all([first, second]);
    expect(store.run.value?.status.value).toBe('paused');
  });
});

describe('a link with a value that cannot be read', () => {
  it('trains with no other value until somebody says so', async () => {
    const { worker, store } = open('?learning_rate=0,1&epochs=30');
    expect(store.settings.textOf('learningRate')).toBe('0,1');
    await store.start();
    expect(worker.orders).toEqual([]);
    const { title, text, action } = store.announcer.notice.value ?? {};
    expect(title).toBe('A setting cannot be read');
    expect(text).toMatch(/^Learning rate: “0,1” is not allowed; write 0\.1: /);
    const started = action?.act();
    await tasks(40);
    expect(worker.orders).toEqual(['run']);
    expect(store.run.value?.configuration).toMatchObject({ learningRate: 0.5, epochs: 30 });
    await store.pause();
    await started;
  });

  it('trains as soon as the value is put right', async () => {
    const { worker, store } = open('?learning_rate=0,1');
    store.settings.edit('learningRate', '0.1');
    const started = store.start();
    await tasks(40);
    expect(worker.orders).toEqual(['run']);
    expect(store.run.value?.configuration.learningRate).toBe(0.1);
    await store.pause();
    await started;
  });
});

describe('settings that go together, and that data or device do not allow', () => {
  const tooFew = ({ testSize, epochs }: Configuration) =>
    testSize > 0.9 && epochs > 0
      ? new InvalidInputError('test_size', testSize, 'each class needs a training sample')
      : undefined;
  const tooWide = ({ hidden }: Configuration) =>
    hidden[0] > 1000
      ? new InvalidInputError('hidden', hidden, 'this device has no room for it')
      : undefined;

  it('stay in their fields with what is wrong, and everything else goes on', async () => {
    const { worker, store } = open('?test_size=0.999&hidden=2000&epochs=30');
    worker.refusedByData = tooFew;
    worker.refusedByDevice = tooWide;
    await store.load();
    const { settings } = store;
    expect(settings.textOf('testSize')).toBe('0.999');
    expect(settings.problems.value).toEqual({
      testSize: '0.999 is not allowed; each class needs a training sample.',
      hidden: '2000 is not allowed; this device has no room for it.',
    });
    expect(settings.configuration.value).toEqual(checkConfiguration({ epochs: 30 }));
    expect(store.lesson.value?.configuration).toEqual(settings.configuration.value);
    expect(store.run.value?.configuration).toEqual(settings.configuration.value);
    // Nothing trains with other values before somebody says so.
    await store.start();
    expect(worker.orders).toEqual([]);
    expect(store.announcer.notice.value?.title).toBe('A setting cannot be read');
  });

  it('train nothing else, however soon somebody starts', async () => {
    for (let wait = 0; wait < 20; wait++) {
      const { worker, store } = open('?test_size=0.999&epochs=30');
      worker.refusedByData = tooFew;
      worker.refusedByDevice = tooFew;
      const loaded = store.load();
      await tasks(wait);
      const started = store.start();
      await Promise.all([loaded, started]);
      expect(worker.orders, `after ${wait} tasks`).toEqual([]);
      expect(Object.keys(store.settings.problems.value)).toEqual(['testSize']);
      expect(store.announcer.notice.value?.title, `after ${wait} tasks`).toBe(
        'A setting cannot be read',
      );
    }
  });

  it('go back to what they were before, where that was good', async () => {
    const { worker, store } = open('?test_size=0.3');
    worker.refusedByData = tooFew;
    await store.load();
    store.settings.edit('testSize', '0.95');
    await store.settingsChanged();
    expect(store.settings.textOf('testSize')).toBe('0.95');
    expect(store.settings.configuration.value.testSize).toBe(0.3);
    store.settings.edit('testSize', '0.4');
    await store.settingsChanged();
    expect(store.settings.problems.value).toEqual({});
    expect(store.run.value?.configuration.testSize).toBe(0.4);
  });

  it('are told as they are where no setting is at fault', async () => {
    const { worker, store } = open();
    worker.refusedByData = () => new InvalidInputError('weather', 'rain', 'sun');
    await store.load();
    expect(store.announcer.notice.value?.text).toBe('weather: “rain” is not allowed; sun.');
  });
});

describe('the backend that was asked for', () => {
  it('is not forgotten where another one had to do', async () => {
    const { store } = open('?backend=webgpu');
    await store.load();
    expect([store.backend.value, store.wish.value]).toEqual(['cpu', 'webgpu']);
    await store.select('reference');
    expect(store.wish.value).toBe('reference');
  });
});

describe('settings from another entry of the history', () => {
  it('are one change, which opens what they ask for and leaves a run that has begun', async () => {
    const { worker, store } = open('?backend=cpu&epochs=30');
    await store.load();
    const seen: string[] = [];
    const stop = effect(() => {
      seen.push(`${store.settings.configuration.value.epochs} ${store.wish.value}`);
    });
    await store.take(readUrl('?epochs=20&backend=cpu'));
    expect(store.run.value?.configuration.epochs).toBe(20);
    await store.take(readUrl('?epochs=10&backend=reference'));
    stop();
    expect(seen).toEqual(['30 cpu', '20 cpu', '10 reference']);
    const started = store.start();
    await tasks(40);
    store.onProgress({
      id: 1,
      from: 0,
      epochs: [plainMetrics(0)],
      underway: null,
      trainMilliseconds: 1,
    });
    await store.take(readUrl('?epochs=30&backend=cpu'));
    expect(worker.orders).toEqual(['run']);
    expect(store.run.value?.configuration.epochs).toBe(10);
    expect(store.isChanged.value).toBe(true);
    await store.pause();
    await started;
  });
});

describe('a run whose best epoch was restored', () => {
  it('says of what it shows which epoch it is of', async () => {
    const { worker, store } = open('?epochs=32');
    const started = store.start();
    await tasks(40);
    const epochs = Array.from({ length: 32 }, (_, i) => plainMetrics(i));
    store.onProgress({ id: 1, from: 0, epochs, underway: null, trainMilliseconds: 1 });
    worker.end({ reason: 'finished', restoredEpoch: 27, trainMilliseconds: 1 });
    await started;
    expect(store.run.value?.history.length).toBe(32);
    expect(store.run.value?.evaluation.value?.epoch).toBe(27);
    expect(store.run.value?.standsAt).toBe(27);
  });
});

describe('a run that moved', () => {
  const moved = {
    ...{ id: 1, plan: null, lostAt: 7175, wentOnFrom: 7120 },
    obstacle: { reason: 'device-lost', message: 'The graphics device was lost (crash).' },
  } as const;

  it('is the run of the backend that took over, and says so once', async () => {
    const { store } = open('?backend=cpu');
    await store.load();
    const run = store.run.value;
    const info = { ...OPENED.info, name: 'reference', precision: 'float64' } as const;
    const seen: (Run | undefined)[] = [];
    const stop = store.run.subscribe((shown) => seen.push(shown));
    store.onMoved({ ...moved, info });
    stop();
    expect(new Set(seen)).toEqual(new Set([run]));
    expect(store.run.value).toBe(run);
    expect(store.backend.value).toBe('reference');
    expect(store.runs.value.cpu).toBeUndefined();
    expect(store.announcer.notice.value).toEqual({
      title: 'The GPU was lost',
      text: 'At epoch 7,175; training went on from epoch 7,120 on Reference, float64. The graphics device was lost (crash).',
    });
  });

  it('of another page is none of this one', () => {
    const { store } = open();
    store.onMoved({ ...moved, id: 9, info: OPENED.info });
    expect(store.announcer.notice.value).toBeUndefined();
  });
});

describe('a run that moved before anybody saw it', () => {
  it('is shown where it is, and says so, once it is adopted', async () => {
    const { store } = open('?backend=cpu');
    await store.load();
    const run = new Run(checkConfiguration({}), { ...OPENED, id: 5 }, PLAN_OPTIONS);
    const obstacle = { reason: 'device-lost', message: 'The device was lost.' } as const;
    const info = { ...OPENED.info, name: 'reference', precision: 'float64' } as const;
    store.onMoved({ id: 5, info, plan: null, obstacle, lostAt: 3, wentOnFrom: 3 });
    await store.adopt(run);
    expect(store.run.value).toBe(run);
    expect([run.info.name, store.backend.value]).toEqual(['reference', 'reference']);
    expect(store.announcer.notice.value?.title).toBe('The GPU was lost');
  });
});

describe('a worker that breaks amid a run', () => {
  it('is started again, and what was kept of the run is offered', async () => {
    const { worker, store } = open();
    const kept = { id: 'kept', epoch: 7 } as FoundRun;
    const service: Partial<TrainingService> = worker.service;
    service.keptRuns = async () => [kept];
    service.run = () => Promise.reject(new WorkerFailedError('The worker broke.'));
    await store.start();
    const { text, action } = store.announcer.notice.value ?? {};
    expect([text, action?.title]).toEqual(['The worker broke.', 'Retry']);
    expect(store.earlier.offered.value).toBeUndefined();
    await action?.act();
    expect(store.run.value?.status.value).toBe('ready');
    expect(store.earlier.offered.value).toBe(kept);
  });
});

describe('a kept run whose file is not here', () => {
  it('has the settings ask for it by name, size and hash, and is still offered then', async () => {
    const { worker, store } = open();
    await store.load();
    const input = { channels: 1, height: 1, width: 2 };
    const reference: FileReference = {
      ...{ file: 'my.csv', bytes: 4551, sha256: '3f'.repeat(32), input, areImages: false },
      classes: 3,
    };
    const configuration = checkConfiguration({ dataset: fileDatasetName(reference) });
    const kept = { id: 'kept', epoch: 7, configuration } as FoundRun;
    store.earlier.offered.value = kept;
    const service: Partial<TrainingService> = worker.service;
    service.goOn = () => Promise.reject(new MissingFileError(reference));
    expect(await store.earlier.goOn()).toBe(false);
    const asked = `This needs the file my.csv, of 4,551 bytes, with the SHA-256 ${'3f'.repeat(32)}.`;
    expect(store.announcer.notice.value?.text).toContain(asked);
    expect(askFor(wantedFile(store) ?? reference)).toBe(asked);
    expect(wantedFile(store)).toEqual(reference);
    expect(store.earlier.offered.value).toBe(kept);
  });
});

describe('a run of all presets', () => {
  it('waits for the run under way to pause, and never begins where it is stopped until then', async () => {
    const { worker, store } = open();
    const started = store.start();
    await tasks(40);
    const stopped = runAll.start(store);
    runAll.stop(store);
    await stopped;
    expect(worker.orders).toEqual(['run', 'pause']);
    expect(runAll.isRunning.value).toBe(false);
    await runAll.start(store);
    expect(worker.orders).toEqual(['run', 'pause', 'run all']);
    await started;
  });
});

describe('the live region', () => {
  it('says which batch a run stands at that is trained batch by batch', () => {
    const announcer = new Announcer([]);
    const run = new Run(checkConfiguration({}), { ...OPENED, batchesPerEpoch: 9 }, PLAN_OPTIONS);
    const underway = { batch: 3, loss: 0.5, accuracy: 0.5 };
    run.report({ id: 1, from: 0, underway, epochs: [plainMetrics(0)], trainMilliseconds: 1 });
    announcer.stops(run);
    expect(announcer.spoken.value).toBe('Paused in epoch 2, after batch 3 of 9.');
  });

  it('says every tenth of a run that is stepped, too, whatever was said of the one before', () => {
    const announcer = new Announcer([]);
    const trainTo = (run: Run, epochs: number) => {
      const from = run.history.length;
      const metrics = Array.from({ length: epochs - from }, (_, i) => plainMetrics(from + i));
      run.report({ ...{ id: 1, from, underway: null }, epochs: metrics, trainMilliseconds: 1 });
      announcer.goesOn(run);
    };
    for (const again of [1, 2]) {
      const run = new Run(checkConfiguration({ epochs: 20 }), OPENED, PLAN_OPTIONS);
      announcer.follows(run);
      trainTo(run, 1);
      expect(announcer.spoken.value, `run ${again}`).not.toContain('Epoch 1 ');
      trainTo(run, 3);
      expect(announcer.spoken.value, `run ${again}`).toBe('Epoch 3 of 20, test loss 0.3333.');
      trainTo(run, 19);
      expect(announcer.spoken.value, `run ${again}`).toContain('Epoch 19 of 20');
      trainTo(run, 20);
      expect(announcer.spoken.value, `run ${again}`).toContain('Epoch 19 of 20');
    }
  });
});
