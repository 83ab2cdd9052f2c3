/** The first run of a visitor: about eight seconds long, once, and never against what somebody chose. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FirstRun } from '../../src/app/state/first-run';
import type { Run } from '../../src/app/state/run';
import { openRun } from '../support/open-run';
import { plainMetrics } from '../support/scripted-backend';

let memory: Map<string, string>;

beforeEach(() => {
  memory = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => memory.get(name) ?? null,
    setItem: (name: string, text: string) => memory.set(name, text),
  });
  return () => vi.unstubAllGlobals();
});

/** @param fall - of the test loss, an epoch */
function train(run: Run, epochs: number, fall = 0): void {
  const from = run.history.length;
  const before = run.history.at(-1)?.valLoss ?? 100;
  const metrics = Array.from({ length: epochs }, (_, i) => ({
    ...plainMetrics(from + i),
    valLoss: before - (i + 1) * fall,
  }));
  run.report({ ...{ id: 1, from, underway: null }, epochs: metrics, trainMilliseconds: 1 });
}

describe('the first run', () => {
  it('takes eight seconds, most of them where the loss moves', () => {
    const first = new FirstRun(true);
    const run = openRun();
    expect(first.begins(run, 5000)).toBe(125);
    // Half of it in half the time, and nothing to see yet.
    train(run, 500);
    expect(first.goesOn(run, 9000)).toBe(true);
    expect(first.pace.value).toBe(375);
    train(run, 20, 0.01);
    expect(first.goesOn(run, 9000)).toBe(true);
    expect(first.pace.value).toBe(40);
    // Nearly the same.
    train(run, 20, 0.01);
    expect(first.goesOn(run, 9100)).toBe(false);
    expect(first.pace.value).toBe(40);
    // What is left when the time is over comes at full speed.
    expect(first.goesOn(run, 13_000)).toBe(true);
    expect(first.pace.value).toBeUndefined();
    expect(first.goesOn(run, 13_100)).toBe(false);
  });

  it('is followed by one at full speed, to compare with', () => {
    const first = new FirstRun(true);
    first.begins(openRun(), 0);
    first.ends();
    expect(first.state.value).toBe('over');
    expect(first.begins(openRun(), 10_000)).toBeUndefined();
    first.ends();
    expect(first.state.value).toBe('compared');
    expect(first.begins(openRun(), 20_000)).toBeUndefined();
    expect(first.state.value).toBe('past');
  });

  it('goes on after a pause with what is left of its time', () => {
    const first = new FirstRun(true);
    const run = openRun();
    first.begins(run, 0);
    train(run, 500);
    expect(first.begins(run, 60_000)).toBe(125);
  });

  it('is the first once, and none by a link', () => {
    expect(new FirstRun(false).begins(openRun(), 0)).toBeUndefined();
    new FirstRun(true).begins(openRun(), 0);
    const second = new FirstRun(true);
    expect(second.isWatched).toBe(false);
    expect(second.begins(openRun(), 0)).toBeUndefined();
  });

  it('comes again for whoever asks for it, after a link as well', () => {
    const first = new FirstRun(false);
    const run = openRun();
    first.begins(run, 0);
    first.ends();
    first.again();
    expect(first.begins(run, 5000)).toBe(125);
    first.ends();
    expect(first.state.value).toBe('over');
    expect(first.begins(openRun(), 20_000)).toBeUndefined();
  });

  it('leaves the speed to whoever chooses it', () => {
    const first = new FirstRun(true);
    const run = openRun();
    first.begins(run, 0);
    first.leave();
    expect(first.goesOn(run, 4000)).toBe(false);
    expect(first.pace.value).toBeUndefined();
  });
});
