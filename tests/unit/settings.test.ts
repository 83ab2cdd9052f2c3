/** The settings behind the controls: what is right applies, what is wrong waits in its field. */
import { describe, expect, it } from 'vitest';
import { companionsOf } from '../../src/app/lab/state/companions';
import { timeLeft } from '../../src/app/state/format';
import { Settings } from '../../src/app/state/settings';
import { checkConfiguration } from '../../src/training/configuration/check';
import { InvalidInputError } from '../../src/training/errors';

describe('an edit', () => {
  it('applies beside a field that is wrong', () => {
    const settings = new Settings();
    settings.edit('learningRate', 'fast');
    settings.edit('epochs', '70');
    settings.edit('hidden', '9');
    expect(settings.configuration.value).toMatchObject({
      ...{ learningRate: 0.5, epochs: 70, hidden: [9] },
    });
    expect(settings.textOf('learningRate')).toBe('fast');
    expect(Object.keys(settings.problems.value)).toEqual(['learningRate']);
  });

  it('that goes with no other waits until they go together', () => {
    const settings = new Settings();
    settings.edit('schedule', 'step');
    expect(settings.configuration.value.schedule).toBe('constant');
    const problem = settings.problems.value.schedule;
    settings.edit('epochs', '70');
    expect(settings.configuration.value).toMatchObject({ schedule: 'constant', epochs: 70 });
    expect(settings.textOf('schedule')).toBe('step');
    expect(settings.problems.value).toEqual({ schedule: problem });
    settings.edit('decayRate', '0.5');
    expect(settings.configuration.value).toMatchObject({ schedule: 'step', decayRate: 0.5 });
    expect([settings.texts.value, settings.problems.value]).toEqual([{}, {}]);
  });
});

describe('a change', () => {
  it('that the data refuse leaves nothing to take back', () => {
    const settings = new Settings();
    settings.edit('epochs', '70');
    settings.settle();
    const before = settings.configuration.value;
    settings.edit('testSize', '0.999');
    const steps = settings.steps.value;
    expect(settings.refuse(new InvalidInputError('test_size', 0.999, 'less'), before)).toBe(true);
    expect(settings.steps.value).toBe(steps);
    settings.undo();
    expect(settings.textOf('testSize')).toBe('0.2');
    settings.undo();
    expect(settings.textOf('epochs')).toBe('1000');
  });

  it('of a number goes on for a second, as under a slider’s keys', () => {
    let now = 0;
    const settings = new Settings(undefined, () => now);
    const change = (milliseconds: number, text: string) => {
      now += milliseconds;
      settings.edit('learningRate', text);
      settings.settle();
    };
    for (const text of ['1', '3', '10']) change(400, text);
    expect(settings.steps.value).toBe(1);
    change(1200, '3');
    expect(settings.steps.value).toBe(2);
    settings.undo();
    settings.undo();
    expect(settings.textOf('learningRate')).toBe('0.5');
  });

  it('of a choice is one each time', () => {
    const settings = new Settings(undefined, () => 0);
    for (const text of ['relu', 'tanh']) {
      settings.edit('activation', text);
      settings.settle();
    }
    settings.undo();
    expect(settings.textOf('activation')).toBe('relu');
  });
});

describe('another data set', () => {
  it('keeps noise and shift as far as they mean the same there', () => {
    const configuration = checkConfiguration({ dataset: 'mnist', shift: 5, noise: 0.3 });
    const given = (dataset: string) => companionsOf('dataset', dataset, configuration);
    expect(given('digits')).toMatchObject({ shift: 2, noise: 0.3 });
    expect(given('wine')).toMatchObject({ shift: 0, noise: 0 });
    expect(given('spiral')).toMatchObject({ shift: 0, noise: 0 });
  });
});

describe('the time left', () => {
  it('counts slow motion, whose waits are no training', () => {
    expect(timeLeft(0, 20_000, 0, 10)).toBeUndefined();
    expect(timeLeft(100, 20_000, 100, 10)).toBe('34 min left');
    expect(timeLeft(10_000, 20_000, 10_000)).toBe('10 s left');
    expect(timeLeft(1, 1000, 1, 1)).toBe('17 min left');
    // Whoever waits for longer counts in larger units.
    expect(timeLeft(1, 7_201, 1000)).toBe('120 min left');
    expect(timeLeft(1, 7_202, 1000)).toBe('3 h left');
    expect(timeLeft(75, 1_000_000, 8640)).toBe('32 h left');
    expect(timeLeft(1, 1_000_001, 172_800)).toBe('2,000 days left');
  });
});
