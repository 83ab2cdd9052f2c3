/** Times every submit of a run by the queue's own word that it is done; submits.mjs runs it. */
import { loadRows } from '../../src/data/registry';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { PRESETS } from '../../src/training/presets';
import { Trainer } from '../../src/training/trainer';

export interface Row {
  readonly name: string;
  /** Milliseconds of each, from its submit or the end of the one before. */
  readonly submits: readonly number[];
  /** Milliseconds from a press of Pause to its end. */
  readonly pauses: readonly number[];
}

export async function measure(request: { readonly milliseconds: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, configuration } of PRESETS) {
    rows.push(await watchRun(name, checkConfiguration(configuration), [request.milliseconds]));
  }
  const single = checkConfiguration({ batchSize: 1, hidden: [512, 512] });
  const presses = Array.from({ length: 10 }, (_, i) => 700 + 137 * i);
  return [...rows, await watchRun('batch size 1, hidden 512,512', single, presses)];
}

/** Trains, and pauses after so many milliseconds, again and again. */
async function watchRun(
  name: string,
  configuration: Configuration,
  presses: readonly number[],
): Promise<Row> {
  const acquired = await acquireDevice(navigator.gpu);
  const { problem } = prepare(configuration, await loadRows(configuration));
  const backend = await createWebGpuBackend(problem, { device: acquired });
  const { queue } = acquired.device;
  await queue.onSubmittedWorkDone(); // the upload
  const submits = watchSubmits(queue);
  const trainer = new Trainer(backend, configuration);
  const pauses: number[] = [];
  for (const after of presses) {
    let pressed = Number.NaN;
    const timer = setTimeout(() => {
      pressed = performance.now();
      trainer.pause();
    }, after);
    const { reason } = await trainer.run();
    clearTimeout(timer);
    if (reason === 'paused') pauses.push(performance.now() - pressed);
  }
  await queue.onSubmittedWorkDone();
  backend.dispose();
  acquired.device.destroy();
  return { name, submits, pauses };
}

function watchSubmits(queue: GPUQueue): readonly number[] {
  const lengths: number[] = [];
  const submit = queue.submit.bind(queue);
  let over = 0;
  queue.submit = (buffers) => {
    const begin = performance.now();
    submit(buffers);
    void queue.onSubmittedWorkDone().then(() => {
      const now = performance.now();
      lengths.push(now - Math.max(begin, over));
      over = now;
    });
  };
  return lengths;
}
