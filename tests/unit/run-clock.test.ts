/** The clock of a run counts training, however long a chunk takes, and neither pauses nor sleep. */
import { expect, test } from 'vitest';
import { RunClock } from '../../src/app/worker/run-clock';

function clockAt() {
  let time = 1000;
  const clock = new RunClock(0, () => time);
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { clock, pass };
}

test('counts chunks, and not what lies between a stop and a start', () => {
  const { clock, pass } = clockAt();
  expect(clock.milliseconds).toBe(0);
  clock.start();
  pass(30);
  expect(clock.milliseconds).toBe(30);
  clock.tick();
  pass(40);
  clock.stop();
  pass(100_000);
  expect(clock.milliseconds).toBe(70);
  clock.start();
  pass(5);
  expect(clock.milliseconds).toBe(75);
});

test('leaves out a night, and goes on', () => {
  const { clock, pass } = clockAt();
  clock.start();
  for (const gap of [30, 50, 8 * 3_600_000, 20]) {
    pass(gap);
    clock.tick();
  }
  expect(clock.milliseconds).toBe(100);
});

test('counts steps that take long', () => {
  const { clock, pass } = clockAt();
  clock.start();
  pass(1);
  expect(clock.milliseconds).toBe(1);
  for (const gap of [15_000, 20_000, 60_000]) {
    pass(gap);
    clock.tick();
  }
  expect(clock.milliseconds).toBe(95_001);
});
