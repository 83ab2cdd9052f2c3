/** The faults that a sequence is made of: what each breaks, when it may come, and what the page owes for it. */
import type { Scene } from './scene';

interface Fault {
  /** It comes only while the run is on the GPU, or has it to lose. */
  readonly needsGpu: boolean;
  readonly play: (scene: Scene) => Promise<void>;
}

const HOUR_MS = 3_600_000;

/** The device is lost, and with it as many of those that come after as `most` says. */
async function lose(scene: Scene, most = 1): Promise<void> {
  scene.expectLoss(most);
  (await scene.device()).destroy();
}

export const FAULTS = {
  'device lost': {
    needsGpu: true,
    async play(scene) {
      await lose(scene);
      await scene.recovered();
    },
  },
  'device error': {
    needsGpu: true,
    async play(scene) {
      scene.expectLoss();
      const device = await scene.device();
      const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, buffer, 0, 400);
      device.queue.submit([encoder.finish()]);
      buffer.destroy();
      await scene.recovered();
    },
  },
  'no adapter for a while': {
    needsGpu: true,
    async play(scene) {
      scene.browser.broken.adaptersAway = 1 + scene.below(3);
      await lose(scene);
      await scene.recovered();
    },
  },
  'no adapter any more': {
    needsGpu: true,
    async play(scene) {
      scene.browser.broken.adaptersAway = Number.POSITIVE_INFINITY;
      scene.invariants.isAdapterGone = true;
      await lose(scene);
      await scene.recovered();
    },
  },
  'no room on the next device': {
    needsGpu: true,
    async play(scene) {
      scene.browser.broken.allocationsRefused = 1 + scene.below(2);
      await lose(scene);
      await scene.recovered();
      scene.browser.broken.allocationsRefused = 0;
    },
  },
  'the next device lost, too': {
    needsGpu: true,
    async play(scene) {
      const { broken } = scene.browser;
      const isLost = new Promise<void>((resolve) => {
        broken.onDevice = async (device) => {
          broken.onDevice = undefined;
          await scene.jitter();
          device.destroy();
          resolve();
        };
      });
      await lose(scene, 2);
      // After the third loss no other device is asked for.
      await Promise.race([isLost, scene.until('the CPU', () => !scene.isOnGpu)]);
      broken.onDevice = undefined;
      await scene.recovered();
    },
  },
  'a readback that never comes': {
    needsGpu: true,
    async play(scene) {
      if (scene.isIdle) scene.start();
      scene.browser.broken.readbacksLost = 1;
      await scene.until('a readback', () => {
        scene.run.history.length;
        return scene.browser.broken.readbacksLost === 0 || !scene.run.isBusy;
      });
      if (scene.browser.broken.readbacksLost > 0) {
        scene.browser.broken.readbacksLost = 0;
        return;
      }
      scene.expectLoss();
      await scene.recovered();
    },
  },
  'readbacks on a grid of 100 ms': {
    needsGpu: true,
    async play(scene) {
      scene.browser.broken.readbacksOnGrid = 3;
    },
  },
  'storage full': {
    needsGpu: false,
    async play(scene) {
      scene.worker.storage.isFull = true;
    },
  },
  'tab closed': { needsGpu: false, play: (scene) => scene.reload() },
  'tab closed amid a write': {
    needsGpu: false,
    play: (scene) =>
      scene.reload((bytes) => {
        const place = scene.below(bytes.length);
        if (scene.below(2) === 0) return bytes.slice(0, place);
        const spoiled = bytes.slice();
        spoiled[place] ^= 1 << scene.below(8);
        return spoiled;
      }),
  },
  'lost while the run is brought back': {
    needsGpu: true,
    async play(scene) {
      await scene.reload(undefined, () => lose(scene));
      await scene.recovered();
    },
  },
  'worker killed': { needsGpu: false, play: (scene) => scene.killWorker() },
  'page frozen': {
    needsGpu: false,
    async play(scene) {
      const { broken, clock } = scene.browser;
      let thaw: () => void = () => undefined;
      broken.frozen = new Promise((resolve) => {
        thaw = resolve;
      });
      await scene.jitter();
      clock.pass(HOUR_MS / 6);
      broken.frozen = undefined;
      thaw();
    },
  },
  'clock jumps by an hour': {
    needsGpu: false,
    async play(scene) {
      scene.browser.clock.pass(HOUR_MS);
    },
  },
  'clock set back by an hour': {
    needsGpu: false,
    async play(scene) {
      scene.browser.clock.set(-HOUR_MS);
    },
  },
  'pause and resume': {
    needsGpu: false,
    async play(scene) {
      await scene.pause();
      if (scene.isIdle) scene.start();
    },
  },
  'lost while paused': {
    needsGpu: true,
    async play(scene) {
      await scene.pause();
      await lose(scene);
      await scene.recovered();
      if (scene.isIdle) scene.start();
    },
  },
  'paused while it moves': {
    needsGpu: true,
    async play(scene) {
      await lose(scene);
      await scene.jitter();
      await scene.pause();
      await scene.recovered();
      if (scene.isIdle) scene.start();
    },
  },
  'tab closed while it moves': {
    needsGpu: true,
    async play(scene) {
      const device = await scene.device();
      await lose(scene);
      // Another page has another worker, and never the device of this one.
      await device.lost;
      await scene.jitter();
      await scene.reload();
    },
  },
  'lost while drawing': {
    needsGpu: true,
    async play(scene) {
      const { store, run } = scene;
      const [inputs] = [64];
      const answer = store.service.predict(run.id, new Float64Array(3 * inputs), 3);
      await scene.jitter();
      await lose(scene);
      const probabilities = await answer;
      if (!probabilities.every((value) => value >= 0 && value <= 1)) {
        throw new Error(`no probabilities: ${probabilities}`);
      }
      await scene.recovered();
    },
  },
  'lost in the final report': {
    needsGpu: true,
    async play(scene) {
      const { worker } = scene;
      worker.onCall = (name) => {
        if (name !== 'report' || !scene.isOnGpu) return;
        worker.onCall = () => undefined;
        lose(scene);
      };
    },
  },
  'lost when over': {
    needsGpu: true,
    async play(scene) {
      await scene.finish();
      if (!scene.isOnGpu) return;
      await lose(scene);
      await scene.recovered();
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];
