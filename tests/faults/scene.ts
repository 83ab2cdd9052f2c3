/** A run amid faults: the page's store over the training service on a real device, in a browser that breaks. */
import { effect } from '@preact/signals';
import { expect } from 'vitest';
import type { Run } from '../../src/app/state/run';
import type { Store } from '../../src/app/state/store';
import type { RandomState } from '../../src/numpy/random-state';
import { keptDevice } from '../../src/session/page-device';
import { unsealRun } from '../../src/training/keeping/kept-run';
import { nextTask } from '../../src/training/next-task';
import { endOf, pageOver } from '../support/run-page';
import { BrokenBrowser } from './broken-browser';
import { FaultyStorage } from './faulty-storage';
import { type Copy, type End, Invariants } from './invariants';
import { KillableWorker } from './killable-worker';

export interface SceneOptions {
  readonly search: string;
  /** What the run ends with when nothing is broken. */
  readonly expected: End;
  readonly random: RandomState;
  /** What each look at the page's clock takes, in milliseconds. */
  readonly tick: number;
  /** The least time between two copies of the run, by that clock. */
  readonly keepMilliseconds: number;
}

export class Scene {
  readonly browser: BrokenBrowser;
  readonly random: RandomState;
  readonly invariants: Invariants;
  worker: KillableWorker;
  readonly #options: SceneOptions;
  readonly #workers: KillableWorker[] = [];
  #page: ReturnType<typeof pageOver>;
  /** The order to train that is under way. */
  #running: Promise<void> = Promise.resolve();
  /** What is being waited for, or was last. */
  #awaited = '';

  constructor(options: SceneOptions) {
    this.#options = options;
    this.random = options.random;
    this.invariants = new Invariants(options.expected);
    this.browser = new BrokenBrowser(options.tick);
    this.worker = this.#newWorker(new FaultyStorage());
    this.#page = pageOver(this.worker.service, options.search);
  }

  get store(): Store {
    return this.#page.store;
  }

  get run(): Run {
    const run = this.store.run.value;
    if (run === undefined) throw new Error('the page has no run');
    return run;
  }

  get isOnGpu(): boolean {
    return this.run.info.name === 'webgpu';
  }

  get isOver(): boolean {
    return this.store.run.value?.isOver === true;
  }

  /** True where nobody trains it, and it has epochs to go. */
  get isIdle(): boolean {
    return !this.run.isBusy && !this.isOver && !this.store.isStarting.value;
  }

  async open(): Promise<void> {
    await this.#waits('the page to load', this.store.load());
  }

  /** Has the run train, and does not wait for it. */
  start(): void {
    this.#running = this.store.start();
  }

  async pause(): Promise<void> {
    await this.#waits('the pause', this.store.pause());
    await this.#waits('the run to pause', this.#running);
  }

  /** Waits until the run has so many epochs, or does not train any more. */
  async reach(epochs: number): Promise<void> {
    await this.until(`epoch ${epochs}`, () => {
      return this.run.history.length >= epochs || this.isIdle || this.isOver;
    });
  }

  /** Waits until something is true that follows from what the page shows. */
  async until(what: string, isTrue: () => boolean): Promise<void> {
    let dispose = () => {};
    const waited = new Promise<void>((resolve) => {
      dispose = effect(() => {
        if (this.store.run.value !== undefined && isTrue()) resolve();
      });
    });
    await this.#waits(what, waited).finally(() => dispose());
  }

  /** A few tasks later: within another part of the worker's work. */
  async jitter(): Promise<void> {
    for (let i = this.below(6); i > 0; i--) await nextTask();
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.random.random() * count);
  }

  /** The device that the run is on. */
  async device(): Promise<GPUDevice> {
    return (await keptDevice()).device;
  }

  /**
   * The run's device is lost now.
   *
   * @param most - devices that are lost on the way to the next one, this one among them
   */
  expectLoss(most = 1): void {
    this.invariants.lose(this.browser.clock.time, most);
  }

  /** Waits until the page has told of each loss, and the run is on a device that lives. */
  async recovered(): Promise<void> {
    await this.until('a notice of the loss', () => {
      this.store.announcer.notice.value;
      return this.invariants.isTold(this.#page.notices);
    });
    await this.#waits('the run to answer', this.store.service.parameters(this.run.id));
    this.check();
    this.invariants.settle(this.#page.notices);
    if (this.run.isBusy) await this.reach(this.run.history.length + 1);
  }

  /**
   * What the browser does with a page that is gone: nothing of it is heard again. Then the same address anew.
   *
   * @param tear - what becomes of the records of the last write
   * @param meanwhile - called while the run is brought back from a copy of a GPU's
   */
  async reload(
    tear?: Parameters<FaultyStorage['afterCrash']>[0],
    meanwhile: () => void = () => undefined,
  ): Promise<void> {
    this.check();
    const storage = this.worker.storage.afterCrash(tear);
    this.worker.kill();
    this.worker = this.#newWorker(storage);
    this.#page = pageOver(this.worker.service, this.#options.search);
    this.invariants.turnPage();
    await this.open();
    await this.#waits('what was kept', this.store.earlier.find());
    let isBack = false;
    this.worker.onCall = (name) => {
      if (name === 'goOn') isBack = this.invariants.isOnGpu;
      // The page asks for it when the run stands ready.
      if (name !== 'lesson' || !isBack) return;
      this.worker.onCall = () => undefined;
      meanwhile();
    };
    await this.#goOn();
  }

  /** The worker breaks, and its user takes what the page offers. */
  async killWorker(): Promise<void> {
    const wasBusy = this.run.isBusy;
    this.worker.kill();
    if (wasBusy) await this.#waits('the page to notice', this.#running);
    else await this.#waits('an answer of the worker that is gone', this.store.step());
    const { action } = this.store.announcer.notice.value ?? {};
    expect(action?.title).toBe('Retry');
    this.#page.notices.pop();
    await this.#waits('another worker', Promise.resolve(action?.act()));
    await this.#goOn();
  }

  /** Goes on with the run that the page offers, from the newest copy that is whole; without any from the beginning. */
  async #goOn(): Promise<void> {
    const newest = await newestWhole(this.worker.storage);
    this.invariants.bringBack(newest);
    if (newest !== undefined) {
      expect(this.store.earlier.offered.value?.id).toBe(newest.id);
      await this.#waits('the run to go on', this.store.earlier.goOn());
      expect(this.run.history.length).toBe(newest.epoch);
    } else if (this.store.earlier.offered.value !== undefined) await this.#findDamaged();
    this.check();
    if (!this.isOver) this.start();
  }

  /** What is offered cannot be read: the page says so, and does not offer it again. */
  async #findDamaged(): Promise<void> {
    await this.store.earlier.goOn();
    expect(this.store.announcer.notice.value?.text).toBe('The kept run cannot be read any more.');
    this.#page.notices.pop();
    await this.store.earlier.find();
    expect(this.store.earlier.offered.value).toBeUndefined();
  }

  /** Trains on to the end, however often the run stood. */
  async finish(): Promise<void> {
    if (this.isIdle) this.start();
    await this.#waits('the run to end', this.#running);
    // A loss at the very end is told when somebody asks for what was lost.
    this.check();
  }

  /** What holds at any time. */
  check(): void {
    this.invariants.check(this.run, this.#page.notices, this.browser.uncaught);
  }

  /** What holds of a run that is over. */
  async end(): Promise<void> {
    const end = await this.#waits('the parameters', endOf(this.store));
    this.check();
    this.invariants.checkEnd(this.run, this.#page.notices, end);
  }

  /** Frees everything, also after a failure. */
  async close(): Promise<void> {
    try {
      await Promise.all(this.#workers.map((worker) => worker.close()));
      // What is still on its way to the host is freed when it has come.
      for (let wait = 0; wait < 100 && this.browser.buffersAlive > 0; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      this.browser.mend();
    }
  }

  toString(): string {
    const run = this.store.run.value;
    const titles = this.#page.notices.map(({ title, text }) => `${title}: ${text}`);
    return `${run?.status.value} at epoch ${run?.history.length} on ${run?.info.name}; notices: ${titles.join(' | ')}; waited for ${this.#awaited}`;
  }

  #waits<T>(what: string, promise: Promise<T>): Promise<T> {
    this.#awaited = what;
    return promise;
  }

  #newWorker(storage: FaultyStorage): KillableWorker {
    const worker = new KillableWorker(storage, this.#options.keepMilliseconds);
    this.#workers.push(worker);
    return worker;
  }
}

/** The furthest copy in a storage that can be read. */
async function newestWhole(storage: FaultyStorage): Promise<Copy | undefined> {
  const copies: Copy[] = [];
  for (const [key, bytes] of storage.entries) {
    const [id, name] = key.split('/');
    if (!name.startsWith('generation-')) continue;
    const blockOf = (block: number) => storage.get(`${id}/history-${block}`);
    const read = await unsealRun(bytes, blockOf).catch(() => undefined);
    if (read === undefined) continue;
    const { backend, saved } = read;
    copies.push({ id, backend, epoch: saved.state.epoch, batch: saved.state.batch });
  }
  return copies
    .filter(({ epoch }) => epoch > 0)
    .sort((a, b) => a.epoch - b.epoch || a.batch - b.batch)
    .at(-1);
}
