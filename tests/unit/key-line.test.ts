/** The code boxes of the notebook begin where the formula stands, whichever kernel computes it. */
import { expect, test } from 'vitest';
import { keyLine } from '../../src/app/notebook/key-line';
import { describePlanBy } from '../../src/gpu/describe';
import { SCHEDULE_CHOICES } from '../../src/gpu/plan/choices';
import { networkFor } from '../../src/model/network-spec';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { FormulaName } from '../../src/training/plan-description';

const FORMULAS: readonly (readonly [FormulaName, RegExp])[] = [
  ['output-delta', /- y;|\* inverse - /],
  ['update', /w -= step\./],
];

test.each(
  SCHEDULE_CHOICES.flatMap((schedule) =>
    [2, 10].flatMap((classes) =>
      ['sgd', 'adam', 'rmsprop'].map((optimizer) => [schedule, classes, optimizer] as const),
    ),
  ),
)('%s, %i classes, %s', (schedule, classes, optimizer) => {
  const plan = describePlanBy(schedule, {
    spec: networkFor(64, [16, 8], classes, 'sigmoid'),
    hyperparameters: checkConfiguration({ optimizer: optimizer as 'sgd' }),
    trainSamples: 288,
    testSamples: 72,
  });
  if (!('step' in plan)) return;
  for (const [formula, key] of FORMULAS) {
    const step = plan.step.find(({ formulas }) => formulas.includes(formula));
    if (step === undefined) throw new Error(`no kernel for ${formula}`);
    const lines = step.wgsl.split('\n');
    const first = keyLine(step.wgsl, formula);
    expect(first).toBeGreaterThan(0);
    expect(lines.slice(first, first + 3).join('\n')).toMatch(key);
  }
});
