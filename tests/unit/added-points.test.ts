/** Points that somebody puts into the plane: how they are written, what takes them, and how a run has them. */
import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { addPoint, classOfKey, roundedTo } from '../../src/app/lab/panels/boundary/added';
import { Settings } from '../../src/app/state/settings';
import type { Store } from '../../src/app/state/store';
import { formatPoints, parsePoints } from '../../src/data/added-points';
import { loadRows } from '../../src/data/registry';
import { fitScaler, SCALINGS, scaleRows } from '../../src/data/scaler';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { whyIdle } from '../../src/training/configuration/idle';
import { configurationFromJson, configurationToJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';

async function prepared(settings: Partial<Configuration>) {
  const configuration = checkConfiguration({ dataset: 'circle', ...settings });
  return prepare(configuration, await loadRows(configuration));
}

describe('added points', () => {
  it('are written as they are read, with one zero', () => {
    const points = parsePoints(' 1.50 -2 0;-0 2e-7 11 ');
    expect(points).toEqual([
      { x: 1.5, y: -2, label: 0 },
      { x: 0, y: 2e-7, label: 11 },
    ]);
    expect(formatPoints(points ?? [])).toBe('1.5 -2 0; 0 2e-7 11');
    expect(Object.is(points?.[1].x, 0)).toBe(true);
  });

  it('come last in the training set and nowhere else, and the scaler sees them', async () => {
    const before = await prepared({});
    const after = await prepared({ points: '5 -4 0; 0 0 1' });
    expect([...after.rawTrain]).toEqual([...before.rawTrain, 5, -4, 0, 0]);
    expect([...after.problem.train.labels]).toEqual([...before.problem.train.labels, 0, 1]);
    expect(after.problem.train.count).toBe(402);
    expect([...after.rawTest]).toEqual([...before.rawTest]);
    expect(after.problem.test.labels).toEqual(before.problem.test.labels);
    expect(after.scaler).toEqual(fitScaler('standard', after.rawTrain, 2, 6));
    // The parameters are drawn as before: a point more is no other start.
    expect(after.problem.parameters).toEqual(before.problem.parameters);
  });

  it('beside a limit on training samples are not counted in it', async () => {
    const { problem } = await prepared({ points: '1 2 0', trainSamples: 50 });
    expect(problem.train.count).toBe(51);
  });

  it('too far away for float32 are refused before anything is trained, under every scaling', async () => {
    // The squares of the second ones overflow float64: their deviation would be taken for none.
    for (const points of ['1e308 2 0', '1e200 2 0; -1e200 2 1']) {
      for (const scaling of SCALINGS) {
        // It begins with no name of a column, which could be “a”: that reads as an advice to use it.
        await expect(prepared({ points, scaling })).rejects.toThrow(
          /^scaling: "\w+" is not allowed; in one sample x is -?1e\+\d{3}, which float32 does not hold/,
        );
      }
    }
    const { problem, scaler } = await prepared({ points: '1e39 2 0' });
    expect(scaleRows(scaler, problem.train.values).every(Number.isFinite)).toBe(true);
  });

  it('are left out where their class is, or where there is no plane', async () => {
    const kinds = { dataset: 'iris', classes: [0, 2], points: '1 2 1' } as const;
    expect(whyIdle('points', checkConfiguration(kinds))).toBe('Only with data of two features.');
    expect((await prepared(kinds)).problem.train.count).toBe(80);
    expect(whyIdle('points', checkConfiguration({ dataset: 'xor' }))).toBeUndefined();
    expect(() => checkConfiguration({ dataset: 'xor', points: '1 2 2' })).toThrow(
      'points: "1 2 2" is not allowed; Exclusive or has the classes 0 to 1',
    );
  });

  it('are in files where there are any', () => {
    expect(configurationToJson(checkConfiguration({}))).not.toHaveProperty('points');
    const configuration = checkConfiguration({ dataset: 'xor', points: '1 2 0' });
    expect(configurationFromJson(configurationToJson(configuration))).toEqual(configuration);
  });
});

describe('putting a point', () => {
  it('takes as many digits as can be seen', () => {
    const extent = { left: -6, right: 6, bottom: 1e6, top: 5e6 };
    expect(roundedTo(extent, { x: -1.23456, y: 1234567.8 })).toEqual({ x: -1.23, y: 1234568 });
    const small = { left: 0, right: 3e-5, bottom: -1, top: 0 };
    expect(roundedTo(small, { x: 1.23456e-5, y: -0.00004 })).toEqual({ x: 1.235e-5, y: 0 });
  });

  it('by a digit means the class that is called so, else the first by 1', () => {
    expect(['0', '1', '2', 'x'].map((key) => classOfKey(key, ['0', '1']))).toEqual([
      ...[0, 1, undefined, undefined],
    ]);
    expect(['0', '1', '2', '3'].map((key) => classOfKey(key, ['setosa', 'virginica']))).toEqual([
      ...[undefined, 0, 1, undefined],
    ]);
  });
});

it.each([
  ['running', 1],
  ['paused', 0],
] as const)(
  'a point restarts a run that trains, which is %s by then, %i times',
  (status, times) => {
    vi.useFakeTimers();
    const run = { isBusy: true, status: signal('running') };
    const applyAndRestart = vi.fn();
    const settings = new Settings(checkConfiguration({ dataset: 'spiral' }));
    const announcer = { say: () => undefined };
    const settingsChanged = () => undefined;
    const store = { settings, announcer, settingsChanged, applyAndRestart, run: signal(run) };
    addPoint(store as unknown as Store, { x: 1, y: 2, label: 0 }, '0');
    run.status.value = status;
    vi.runAllTimers();
    expect(settings.textOf('points')).toBe('1 2 0');
    expect(applyAndRestart).toHaveBeenCalledTimes(times);
    vi.useRealTimers();
  },
);
