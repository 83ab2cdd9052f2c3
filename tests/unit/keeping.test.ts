/** What is kept of a run comes back to the bit, and what was cut or spoiled is never believed. */
import { describe, expect, test } from 'vitest';
import type { EpochMetrics } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { History } from '../../src/training/history';
import {
  BLOCK_EPOCHS,
  type KeptRun,
  sealRun,
  unsealRun,
} from '../../src/training/keeping/kept-run';
import { findRuns, RunKeeper, readRun } from '../../src/training/keeping/run-archive';
import { DamagedRecordError, seal, unseal } from '../../src/training/keeping/sealed-record';
import { METRICS } from '../../src/training/metrics';
import { MemoryRunStorage } from '../support/memory-run-storage';

const CONFIGURATION = checkConfiguration({ hidden: [3], optimizer: 'adam', norms: true });

function epochsOf(count: number, from = 0): EpochMetrics[] {
  return Array.from({ length: count }, (_, i) => ({
    loss: 1 / (from + i + 1),
    accuracy: 0.5,
    valLoss: Math.sqrt(from + i),
    valAccuracy: 1 / 3,
    learningRate: 0.1,
    gradientNorm: 2e-300,
    parameterNorm: 7,
    finite: true,
  }));
}

function historyOf(epochs: readonly EpochMetrics[]): History {
  const history = new History();
  history.append(epochs);
  return history;
}

/** What is read of a run that was kept. */
function readAgain({ history, saved, ...rest }: KeptRun) {
  return {
    ...rest,
    saved: { ...saved, history: history.slice(0, saved.state.epoch) },
    generation: expect.any(Number),
  };
}

function runAt(epoch: number, values: Partial<KeptRun> = {}): KeptRun {
  const arrayOf = (factor: number) =>
    Float64Array.from({ length: 11 }, (_, i) => Math.fround(factor * (i + epoch)));
  const state = {
    epoch,
    batch: 2,
    parameters: arrayOf(0.1),
    // What float32 cannot hold, and the zero that it can.
    optimizer: [arrayOf(0.2).fill(1e300, 3, 4), arrayOf(0.3).fill(-0, 0, 1)],
    running: { loss: 0.1 + 0.2, correct: 5 },
  };
  const best = { ...state, epoch: 1, batch: 0, running: { loss: 0, correct: 0 } };
  return {
    configuration: CONFIGURATION,
    backend: 'webgpu',
    plan: 'sample-parallel-1-32',
    saved: { state, best },
    // It has gone on meanwhile.
    history: historyOf(epochsOf(epoch + 2)),
    trainMilliseconds: 1234.5,
    keptAt: 1000 + epoch,
    ...values,
  };
}

describe('a sealed record', () => {
  test('gives back what was sealed', async () => {
    const arrays = [Float32Array.of(1, Number.NaN, -0), Float64Array.of(0.1), new Float32Array(0)];
    const opened = await unseal(await seal({ a: ['é', 1] }, arrays));
    expect(opened).toEqual({ header: { a: ['é', 1] }, arrays });
  });

  test('is refused with any byte changed, missing or too many', async () => {
    const record = await seal({ a: 1 }, [Float64Array.of(1, 2, 3)]);
    for (let i = 0; i < record.length; i++) {
      const spoiled = record.slice();
      spoiled[i] ^= 1 << (i % 8);
      await expect(unseal(spoiled), `byte ${i}`).rejects.toThrow(DamagedRecordError);
      await expect(unseal(record.slice(0, i)), `${i} bytes`).rejects.toThrow(DamagedRecordError);
    }
    const longer = new Uint8Array([...record, 0]);
    await expect(unseal(longer)).rejects.toThrow('does not match its checksum');
    await expect(unseal(new Uint8Array(100))).rejects.toThrow('is none of this page');
  });
});

describe('a kept run', () => {
  test.each([0, 1, BLOCK_EPOCHS - 1, BLOCK_EPOCHS, 2 * BLOCK_EPOCHS + 3])(
    'comes back as it was after %i epochs',
    async (epoch) => {
      const storage = new MemoryRunStorage();
      const run = runAt(epoch);
      await new RunKeeper(storage, 'a').keep(run);
      expect(await readRun(storage, 'a')).toEqual(readAgain(run));
    },
  );

  test('comes back as it was kept last, and full blocks are written once', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    await keeper.keep(runAt(BLOCK_EPOCHS + 5));
    const block = storage.entries.get('a/history-0');
    for (const more of [6, 7, 8]) {
      const run = runAt(BLOCK_EPOCHS + more);
      await keeper.keep(run);
      expect(await readRun(storage, 'a')).toEqual(readAgain(run));
    }
    expect(storage.entries.get('a/history-0')).toBe(block);
    expect(await storage.keys('a/generation')).toHaveLength(2);
  });

  test('goes on otherwise from where it was taken back to', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    await keeper.keep(runAt(2 * BLOCK_EPOCHS + 5));
    keeper.truncated(BLOCK_EPOCHS + 1);
    const run = runAt(2 * BLOCK_EPOCHS + 9);
    const epochs = run.history
      .slice(0)
      .map((metrics, epoch) => (epoch <= BLOCK_EPOCHS ? metrics : { ...metrics, loss: 9 }));
    const other = { ...run, history: historyOf(epochs) };
    await keeper.keep(other);
    expect(await readRun(storage, 'a')).toEqual(readAgain(other));
  });

  test('whose newer generation is torn anywhere comes back from the older one', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    const older = runAt(BLOCK_EPOCHS - 1);
    await keeper.keep(older);
    const before = new Map(storage.entries);
    await keeper.keep(runAt(BLOCK_EPOCHS + 1));
    const written = [...storage.entries].filter(([key, bytes]) => before.get(key) !== bytes);
    expect(written.map(([key]) => key).sort()).toEqual([
      'a/generation-1',
      'a/history-0',
      'a/summary',
    ]);
    for (const [key, bytes] of written) {
      for (const kept of [undefined, bytes.slice(0, bytes.length >> 1), new Uint8Array(8)]) {
        if (kept === undefined) storage.entries.delete(key);
        else storage.entries.set(key, kept);
        const isNewer = key === 'a/summary';
        const expected = isNewer ? runAt(BLOCK_EPOCHS + 1) : older;
        const what = `${key} of ${kept?.length}`;
        expect(await readRun(storage, 'a'), what).toEqual(readAgain(expected));
        expect(
          (await findRuns(storage)).map(({ id }) => id),
          what,
        ).toEqual(['a']);
        storage.entries.set(key, bytes);
      }
    }
  });

  test('that goes on leaves what it went on from as it is until the next copy is written', async () => {
    for (const copies of [1, 2, 3]) {
      const storage = new MemoryRunStorage();
      const keeper = new RunKeeper(storage, 'a');
      for (let i = 1; i <= copies; i++) await keeper.keep(runAt(BLOCK_EPOCHS + i));
      const from = await readRun(storage, 'a');
      const before = new Map(storage.entries);
      const next = new RunKeeper(storage, 'a', from);
      await next.keep(runAt(BLOCK_EPOCHS + 9));
      for (const key of ['history-0', `generation-${from.generation}`]) {
        expect(storage.entries.get(`a/${key}`), key).toBe(before.get(`a/${key}`));
      }
      expect(await readRun(storage, 'a')).toEqual(readAgain(runAt(BLOCK_EPOCHS + 9)));
    }
  });

  test('comes back as it was kept last, also where the clock was set back meanwhile', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    await keeper.keep(runAt(3, { keptAt: 2000 }));
    const last = runAt(4, { keptAt: 1000 });
    await keeper.keep(last);
    expect(await readRun(storage, 'a')).toEqual(readAgain(last));
  });

  test('is refused where both generations are torn', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    await keeper.keep(runAt(1));
    await keeper.keep(runAt(2));
    for (const key of await storage.keys('a/generation')) {
      storage.entries.set(key, new Uint8Array(100));
    }
    await expect(readRun(storage, 'a')).rejects.toThrow(DamagedRecordError);
  });

  test('that is whole, but says something else than a run, is refused', async () => {
    const storage = new MemoryRunStorage();
    for (const header of [null, 7, {}, { epoch: -1 }, { backend: '<b>' }]) {
      storage.entries.set('a/generation-0', await seal(header, []));
      await expect(readRun(storage, 'a')).rejects.toThrow(DamagedRecordError);
    }
  });

  test.each([
    ['more arrays than there are', 'state.moments', 2 ** 40],
    ['more epochs than there are', 'epoch', 2 ** 40],
    ['no losses', 'metrics', ['accuracy', 'valLoss', 'valAccuracy', 'learningRate']],
    ['a metric without an array', 'metrics', [...METRICS.map(({ key }) => key), 'loss']],
  ])(
    'that is whole, but says %s, is refused before anything is allocated',
    async (_, place, value) => {
      const { header, arrays } = await unseal(await sealRun(runAt(3)));
      const [outer, inner] = place.split('.');
      const holder = header as Record<string, unknown>;
      holder[outer] =
        inner === undefined ? value : { ...(holder[outer] as object), [inner]: value };
      const record = await seal(holder, arrays);
      await expect(unsealRun(record, async () => undefined)).rejects.toThrow(DamagedRecordError);
    },
  );
});

describe('the runs that are kept', () => {
  test('are found, the newest first, without those that cannot be read', async () => {
    const storage = new MemoryRunStorage();
    await new RunKeeper(storage, 'a').keep(runAt(1));
    await new RunKeeper(storage, 'b').keep(runAt(3));
    await new RunKeeper(storage, 'c').keep(runAt(2));
    for (const key of ['summary', 'generation-0']) {
      storage.entries.set(`c/${key}`, new Uint8Array(80));
    }
    const found = await findRuns(storage);
    expect(found).toEqual([
      { id: 'b', configuration: CONFIGURATION, backend: 'webgpu', epoch: 3, keptAt: 1003 },
      { id: 'a', configuration: CONFIGURATION, backend: 'webgpu', epoch: 1, keptAt: 1001 },
    ]);
  });

  test('are forgotten with all that belongs to them, and nothing else', async () => {
    const storage = new MemoryRunStorage();
    const keeper = new RunKeeper(storage, 'a');
    await keeper.keep(runAt(BLOCK_EPOCHS + 1));
    await new RunKeeper(storage, 'ab').keep(runAt(1));
    await keeper.forget();
    expect((await storage.keys('')).every((key) => key.startsWith('ab/'))).toBe(true);
    expect(await findRuns(storage)).toHaveLength(1);
  });
});
