/** The settings behind the controls: what is right applies, what is wrong waits in its field. */
import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../src/app/state/format';
import { Settings } from '../../src/app/state/settings';

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

describe('the time left', () => {
  it('counts slow motion, whose waits are no training', () => {
    expect(timeLeft(0, 20_000, 0, 10)).toBeUndefined();
    expect(timeLeft(100, 20_000, 100, 10)).toBe('34 min left');
    expect(timeLeft(10_000, 20_000, 10_000)).toBe('10 s left');
    expect(timeLeft(1, 1000, 1, 1)).toBe('17 min left');
  });
});
