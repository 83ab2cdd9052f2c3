/**
 * What a browser gives a page, so that it breaks when it is told to: clock, adapters, devices, readbacks.
 * Everything else is the browser's own. It also counts the buffers that are alive, and hears of what
 * nobody caught.
 */

/** The clocks of the page go by calls and not by the machine's time, so that a sequence repeats itself. */
class Clock {
  #monotonic = 0;
  #wall = Date.UTC(2026, 0, 1);
  /** What each look at the clock takes, in milliseconds. */
  readonly #tick: number;

  constructor(tick: number) {
    this.#tick = tick;
  }

  /** Milliseconds of `performance.now`, without passing time. */
  get time(): number {
    return this.#monotonic;
  }

  now(): number {
    this.pass(this.#tick);
    return this.#monotonic;
  }

  date(): number {
    return Math.floor(this.#wall);
  }

  pass(milliseconds: number): void {
    this.#monotonic += milliseconds;
    this.#wall += milliseconds;
  }

  /** Somebody sets the wall clock, or the network's time does. */
  set(milliseconds: number): void {
    this.#wall += milliseconds;
  }
}

/** What is broken at present. */
interface Broken {
  /** So many requests find no adapter. */
  adaptersAway: number;
  /** So many times a device has no room for what is allocated together. */
  allocationsRefused: number;
  /** So many readbacks never come. */
  readbacksLost: number;
  /** So many readbacks come when the clock shows a multiple of 100 ms, as in Firefox. */
  readbacksOnGrid: number;
  /** Readbacks wait for it. */
  frozen: Promise<void> | undefined;
  /** Called with each new device. */
  onDevice: ((device: GPUDevice) => void) | undefined;
}

type Counted = 'adaptersAway' | 'allocationsRefused' | 'readbacksLost' | 'readbacksOnGrid';

const GRID_MS = 100;

export class BrokenBrowser {
  readonly clock: Clock;
  readonly broken: Broken = {
    adaptersAway: 0,
    allocationsRefused: 0,
    readbacksLost: 0,
    readbacksOnGrid: 0,
    frozen: undefined,
    onDevice: undefined,
  };
  readonly #buffers = new Set<GPUBuffer>();
  readonly #uncaught: string[] = [];
  readonly #restore: (() => void)[] = [];

  /** @param tick - what each look at the clock takes, in milliseconds */
  constructor(tick: number) {
    this.clock = new Clock(tick);
    this.#breakClocks();
    this.#breakDevices();
    this.#breakReadbacks();
    this.#countBuffers();
    // Whoever held one is gone with its tab, or with its worker.
    this.#replace(navigator.locks, 'query', () => async () => ({ held: [], pending: [] }));
    const hear = ({ reason }: PromiseRejectionEvent) => this.#uncaught.push(String(reason));
    addEventListener('unhandledrejection', hear);
    this.#restore.push(() => removeEventListener('unhandledrejection', hear));
  }

  /** Buffers that were made and not destroyed. */
  get buffersAlive(): number {
    return this.#buffers.size;
  }

  /** What nobody caught so far. */
  get uncaught(): readonly string[] {
    return this.#uncaught;
  }

  /** All is whole again. */
  mend(): void {
    for (const restore of this.#restore.reverse()) restore();
  }

  #replace<T extends object, K extends keyof T>(target: T, name: K, make: (own: T[K]) => T[K]) {
    const own = target[name];
    const isOwn = Object.hasOwn(target, name);
    target[name] = make(own);
    this.#restore.push(() => {
      if (isOwn) target[name] = own;
      else delete target[name];
    });
  }

  #breakClocks(): void {
    const { clock } = this;
    this.#replace(performance, 'now', () => () => clock.now());
    this.#replace(Date, 'now', () => () => clock.date());
  }

  /** Whether so many are left to break, and one fewer from now on. */
  readonly #take = (name: Counted): boolean => {
    if (this.broken[name] === 0) return false;
    this.broken[name]--;
    return true;
  };

  #breakDevices(): void {
    const { broken } = this;
    const take = this.#take;
    this.#replace(
      GPU.prototype,
      'requestAdapter',
      (own) =>
        async function (this: GPU, options) {
          return take('adaptersAway') ? null : own.call(this, options);
        },
    );
    this.#replace(
      GPUAdapter.prototype,
      'requestDevice',
      (own) =>
        async function (this: GPUAdapter, descriptor) {
          const device = await own.call(this, descriptor);
          broken.onDevice?.(device);
          return device;
        },
    );
    const scopes = new WeakMap<GPUDevice, GPUErrorFilter[]>();
    const scopesOf = (device: GPUDevice) => {
      const known = scopes.get(device) ?? [];
      scopes.set(device, known);
      return known;
    };
    this.#replace(
      GPUDevice.prototype,
      'pushErrorScope',
      (own) =>
        function (this: GPUDevice, filter) {
          scopesOf(this).push(filter);
          return own.call(this, filter);
        },
    );
    this.#replace(
      GPUDevice.prototype,
      'popErrorScope',
      (own) =>
        async function (this: GPUDevice) {
          const isRefused = scopesOf(this).pop() === 'out-of-memory' && take('allocationsRefused');
          const error = await own.call(this);
          return isRefused ? new GPUOutOfMemoryError('no room') : error;
        },
    );
  }

  #breakReadbacks(): void {
    const { broken, clock } = this;
    const take = this.#take;
    // Who waits for an answer that may never come counts on a timer, which need not take a minute here.
    let isNextTimerQuick = false;
    this.#replace(
      globalThis,
      'setInterval',
      (own) =>
        ((handler: TimerHandler, timeout?: number, ...parameters: unknown[]) => {
          const wait = isNextTimerQuick ? 1 : timeout;
          isNextTimerQuick = false;
          return own(handler, wait, ...parameters);
        }) as typeof setInterval,
    );
    this.#replace(
      GPUBuffer.prototype,
      'mapAsync',
      (own) =>
        async function (this: GPUBuffer, ...parameters) {
          if (broken.readbacksLost > 0) {
            isNextTimerQuick = true;
            await undefined;
            // Nobody counts: this one has no end but the real one.
            const isAwaited = !isNextTimerQuick;
            isNextTimerQuick = false;
            if (isAwaited && take('readbacksLost')) return new Promise<undefined>(() => undefined);
          }
          await own.apply(this, parameters);
          if (take('readbacksOnGrid')) {
            const wait = GRID_MS - (clock.time % GRID_MS);
            await new Promise((resolve) => setTimeout(resolve, wait));
            clock.pass(wait);
          }
          await broken.frozen;
          return undefined;
        },
    );
  }

  #countBuffers(): void {
    const buffers = this.#buffers;
    this.#replace(
      GPUDevice.prototype,
      'createBuffer',
      (own) =>
        function (this: GPUDevice, descriptor) {
          const buffer = own.call(this, descriptor);
          buffers.add(buffer);
          return buffer;
        },
    );
    this.#replace(
      GPUBuffer.prototype,
      'destroy',
      (own) =>
        function (this: GPUBuffer) {
          buffers.delete(this);
          return own.call(this);
        },
    );
  }
}
